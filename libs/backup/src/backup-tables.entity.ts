import { BackupRow } from './backup.entity';
import { BackupChunkRow, BackupUploadRow } from './backup-upload.entity';
import { BackupVaultRow } from './backup-vault.entity';

/** The tables of this module. */
export const BACKUP_TABLES = [BackupRow, BackupVaultRow, BackupUploadRow, BackupChunkRow] as const;
