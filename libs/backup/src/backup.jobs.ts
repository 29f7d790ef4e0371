import { Injectable } from '@nestjs/common';
import { jobHandler, type JobHandler } from '@adiuva/platform';
import { BackupRetention } from './retention/backup-retention.service';
import { BackupScrub } from './maintenance/backup-scrub.service';
import { UploadCleanup } from './uploads/upload-cleanup.service';
import { BackupTrash } from './retention/backup-trash.service';
import { BackupMaintenance } from './maintenance/backup-maintenance.service';
import {
  EXPIRE_BACKUPS,
  RELEASE_BACKUP,
  RETAIN_BACKUPS,
  SCRUB_BACKUP,
  SCRUB_BACKUPS,
  SWEEP_BACKUPS,
} from './backup-job-kinds';

/** Background jobs of backups. */
@Injectable()
export class BackupJobs {
  readonly handlers: readonly JobHandler[];

  constructor(
    maintenance: BackupMaintenance,
    uploads: UploadCleanup,
    trash: BackupTrash,
    retention: BackupRetention,
    scrub: BackupScrub,
  ) {
    this.handlers = [
      jobHandler(RELEASE_BACKUP, ({ userId, id, parts }) => maintenance.release(userId, id, parts)),
      jobHandler(RETAIN_BACKUPS, ({ userId }) => retention.apply(userId)),
      jobHandler(SCRUB_BACKUP, ({ id }, signal) => scrub.one(id, signal)),
      jobHandler(
        SCRUB_BACKUPS,
        async (_, signal) => {
          await scrub.all(signal);
        },
        '41 1 * * *',
      ),
      jobHandler(
        EXPIRE_BACKUPS,
        async () => {
          await uploads.expire();
          await trash.purgeExpired();
        },
        '*/5 * * * *',
      ),
      jobHandler(SWEEP_BACKUPS, async (_, signal) => void (await maintenance.sweep(signal)), '13 5 * * *'),
    ];
  }
}
