import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The current state of a record; its bytes are in the blob store. A deleted one stays as a tombstone, so that its versions continue. */
@Entity('records')
@Index('records_of_table', ['user_id', 'table_name', 'ordinal'], { where: 'deleted_at IS NULL' })
@Index('records_of_user', ['user_id', 'ordinal'], { where: 'deleted_at IS NULL' })
export class RecordRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'records_pk' })
  user_id!: string;

  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'records_pk' })
  id!: string;

  @Column('text')
  table_name!: string;

  /** From 1; grows with every change, deletion and return included. */
  @Column('integer')
  version!: number;

  /** SHA-256. */
  @Column('bytea')
  checksum!: Buffer;

  @Column('bigint')
  size_bytes!: string;

  /** Null for a tombstone. */
  @Column('text', { nullable: true })
  object_key!: string | null;

  /** The how-many-eth record that its user made; lists are in this order. */
  @Column('bigint')
  ordinal!: string;

  @Column('timestamptz')
  created_at!: Date;

  @Column('timestamptz')
  updated_at!: Date;

  @Index('records_deleted', { where: 'deleted_at IS NOT NULL' })
  @Column('timestamptz', { nullable: true })
  deleted_at!: Date | null;
}
