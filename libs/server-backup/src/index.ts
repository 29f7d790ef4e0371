export { openArchive, verifyArchive } from './archive.adapter';
export type { Manifest } from './manifest';
export { makeBackup, type Secrets } from './server-backup.adapter';
export { passphraseFaults, ServerBackupConfig } from './server-backup.config';
export { ServerRestore } from './server-restore.adapter';
