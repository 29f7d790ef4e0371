import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { UploadState } from './upload-state';

const number = { to: (value: number) => value, from: (value: string) => Number(value) };

/** A backup on its way in, and the room that is reserved for it. */
@Entity('backup_uploads')
export class BackupUploadRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backup_uploads_pk' })
  id!: string;

  @Index('backup_uploads_of_user')
  @Column('uuid')
  user_id!: string;

  @Column('text')
  state!: Exclude<UploadState, 'gone'>;

  @Column('text')
  version!: string;

  @Column('bigint', { transformer: number })
  client_time!: number;

  @Column('text')
  checksum!: string;

  /** As the client declared it; 0 where one body comes without its length. */
  @Column('bigint', { transformer: number })
  size_bytes!: number;

  /** Bytes promised to this upload in the ledger. */
  @Column('bigint', { transformer: number })
  reserved_bytes!: number;

  /** 0 where the upload is one body. */
  @Column('integer')
  chunk_size!: number;

  /** 0 or 1, once a chunk has shown from which number the client counts. */
  @Column('smallint', { nullable: true })
  first_number!: number | null;

  @Column('text')
  object_key!: string;

  /** The store's name for the multipart upload; null where chunks are kept apart, or there are none. */
  @Column('text', { nullable: true })
  parts_id!: string | null;

  /** Who is completing it, until `lease_until`. */
  @Column('uuid', { nullable: true })
  holder!: string | null;

  @Column('timestamptz', { nullable: true })
  lease_until!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Index('backup_uploads_by_end')
  @Column('timestamptz')
  expires_at!: Date;
}

/** A chunk that is stored and verified. */
@Entity('backup_chunks')
export class BackupChunkRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backup_chunks_pk' })
  @ForeignKey(() => BackupUploadRow, { name: 'backup_chunks_upload', onDelete: 'CASCADE' })
  upload_id!: string;

  @PrimaryColumn('integer', { primaryKeyConstraintName: 'backup_chunks_pk' })
  number!: number;

  @Column('text')
  checksum!: string;

  @Column('bigint', { transformer: number })
  size_bytes!: number;

  /** The store's name for exactly these bytes: a part's tag, or the key of an object. */
  @Column('text')
  tag!: string;
}
