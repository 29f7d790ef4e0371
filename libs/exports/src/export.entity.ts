import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

export const EXPORT_STATUSES = ['queued', 'ready', 'failed'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

/** An export of an account. The archive is encrypted with a key of its own, which is sealed for the user. */
@Entity('account_exports')
@Index('account_exports_of_user', ['user_id', 'id'])
export class AccountExportRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'account_exports_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'account_exports_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('text', { default: 'queued' })
  status!: ExportStatus;

  @Column('bytea', { nullable: true })
  key!: Buffer | null;

  @Column('text', { nullable: true })
  blob_key!: string | null;

  @Column('bigint', { nullable: true })
  size_bytes!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;
}
