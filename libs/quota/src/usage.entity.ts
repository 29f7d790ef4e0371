import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Reads `bigint` as a number; no count or size here comes near 2^53. */
const number = { to: (value: number) => value, from: (value: string) => Number(value) };

/** What one user stores, and how many changes were made. The lock of the row puts the user's writers in one order. */
@Entity('storage_usage')
@Check(
  'storage_usage_positive',
  'LEAST(records_bytes, records_count, vectors_bytes, vectors_count, files_bytes, files_count, backups_bytes, backups_count, backups_reserved) >= 0',
)
export class UsageRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'storage_usage_pk' })
  user_id!: string;

  /** Increases with every change; the order of positions is the order of commits. */
  @Column('bigint', { transformer: number })
  position!: number;

  /** How many records were ever made, those since deleted included. */
  @Column('bigint', { default: 0, transformer: number })
  records_made!: number;

  @Column('bigint', { default: 0, transformer: number })
  records_bytes!: number;

  @Column('bigint', { default: 0, transformer: number })
  records_count!: number;

  @Column('bigint', { default: 0, transformer: number })
  vectors_made!: number;

  @Column('bigint', { default: 0, transformer: number })
  vectors_bytes!: number;

  @Column('bigint', { default: 0, transformer: number })
  vectors_count!: number;

  @Column('bigint', { default: 0, transformer: number })
  files_made!: number;

  @Column('bigint', { default: 0, transformer: number })
  files_bytes!: number;

  @Column('bigint', { default: 0, transformer: number })
  files_count!: number;

  @Column('bigint', { default: 0, transformer: number })
  backups_made!: number;

  @Column('bigint', { default: 0, transformer: number })
  backups_bytes!: number;

  @Column('bigint', { default: 0, transformer: number })
  backups_count!: number;

  /** For uploads in progress. */
  @Column('bigint', { default: 0, transformer: number })
  backups_reserved!: number;
}
