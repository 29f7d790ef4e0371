import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** One change of one record; the order of positions is the order of commits. */
@Entity('record_changes')
@Index('record_changes_of_table', ['user_id', 'table_name', 'position'])
export class RecordChangeRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'record_changes_pk' })
  user_id!: string;

  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'record_changes_pk' })
  position!: string;

  @Column('uuid')
  record_id!: string;

  @Column('text')
  table_name!: string;

  @Column('integer')
  version!: number;

  /** Null where the change is a deletion. */
  @Column('bytea', { nullable: true })
  checksum!: Buffer | null;

  /** Of a deletion: what the client sealed to prove that it is its own. Opaque. */
  @Column('bytea', { nullable: true })
  tombstone!: Buffer | null;

  @Index('record_changes_by_age')
  @Column('timestamptz')
  changed_at!: Date;
}

/** Up to where a user's feed has forgotten what no longer matters; no row means nowhere. */
@Entity('record_feeds')
export class RecordFeedRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'record_feeds_pk' })
  user_id!: string;

  @Column('bigint')
  floor!: string;
}
