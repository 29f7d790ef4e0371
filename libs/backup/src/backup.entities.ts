import { BackupRow } from './backups/backup.entity';
import { BackupChunkRow, BackupUploadRow } from './uploads/backup-upload.entity';
import { BackupVaultRow } from './backups/backup-vault.entity';

/** The tables of this module. */
export const BACKUP_ENTITIES = [BackupRow, BackupVaultRow, BackupUploadRow, BackupChunkRow] as const;
