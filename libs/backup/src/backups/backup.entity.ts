import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Reads `bigint` as a number; no size or time here comes near 2^53. */
const number = { to: (value: number) => value, from: (value: string) => Number(value) };

/** One backup of a user: opaque bytes under `object_key`, and what is known about them. */
@Entity('backups')
@Index('backups_of_user', ['user_id', 'created_at'])
export class BackupRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backups_pk' })
  id!: string;

  @Column('uuid')
  user_id!: string;

  @Column('text')
  object_key!: string;

  @Column('bigint', { transformer: number })
  size_bytes!: number;

  @Column('text')
  checksum!: string;

  @Column('text')
  version!: string;

  @Column('bigint', { transformer: number })
  client_time!: number;

  @Column('integer')
  chunk_count!: number;

  @Column('bigint', { nullable: true, transformer: number })
  block_size!: number | null;

  /** SHA-256 of each block, one after the other, 32 bytes each. */
  @Column('bytea', { nullable: true })
  block_checksums!: Buffer | null;

  @Column('timestamptz')
  created_at!: Date;

  @Index('backups_to_purge', { where: 'purge_at IS NOT NULL' })
  @Column('timestamptz', { nullable: true })
  purge_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  restored_at!: Date | null;

  @Index('backups_to_scrub')
  @Column('timestamptz', { nullable: true })
  scrubbed_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  damaged_at!: Date | null;
}
