import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An object that no row named when a sweep last saw it. It is deleted when that has been so for `BLOB_ORPHAN_DAYS`. */
@Entity('orphaned_objects')
@Index('orphaned_objects_by_age', ['kind', 'found_at'])
export class OrphanedObjectRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'orphaned_objects_pk' })
  object_key!: string;

  /** Which sweep found it. */
  @Column('text')
  kind!: string;

  @Column('timestamptz', { default: () => 'now()' })
  found_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  seen_at!: Date;
}
