import { setting, Settings } from '@adiuva/config';

const BACKUP = {
  BACKUP_TRASH_DAYS: setting.integer('Days for which a deleted backup is kept, hidden and counted', 7, {
    min: 1,
    max: 365,
  }),
  BACKUP_UPLOAD_HOURS: setting.integer(
    'Hours without a chunk after which an upload is aborted and its reservation released',
    24,
    {
      min: 1,
      max: 144,
    },
  ),
  BACKUP_SCRUB_HOURS: setting.integer(
    'Maximum hours a night for re-reading stored backups; the rest comes first the next night',
    3,
    {
      min: 1,
      max: 3,
    },
  ),
};

export class BackupConfig extends Settings('Backup', BACKUP) {}
