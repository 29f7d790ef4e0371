import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Settings of a user's backups: how many are kept, and when the list last changed. */
@Entity('backup_vaults')
export class BackupVaultRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'backup_vaults_pk' })
  user_id!: string;

  @Column('integer', { default: 0 })
  keep_last!: number;

  @Column('integer', { default: 0 })
  keep_daily!: number;

  @Column('integer', { default: 0 })
  keep_weekly!: number;

  @Column('integer', { default: 0 })
  keep_monthly!: number;

  /** Each change is in a later second than the one before, because HTTP dates know no smaller unit. */
  @Column('timestamptz')
  changed_at!: Date;
}
