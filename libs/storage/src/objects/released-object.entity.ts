import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An object that no row names any more, until a job has deleted it; written in the transaction that released it. */
@Entity('released_objects')
export class ReleasedObjectRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'released_objects_pk' })
  object_key!: string;

  @Index('released_objects_by_age')
  @Column('timestamptz', { default: () => 'now()' })
  released_at!: Date;
}
