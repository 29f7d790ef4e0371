import { Injectable } from '@nestjs/common';
import { handles, type JobHandler } from '@adiuva/platform';
import { BackupRetention } from './backup-retention.service';
import { BackupScrub } from './backup-scrub.service';
import { BackupTrash } from './backup-trash.service';
import { BackupUpkeep } from './backup-upkeep.service';
import {
  EXPIRE_BACKUPS,
  RELEASE_BACKUP,
  RETAIN_BACKUPS,
  SCRUB_BACKUP,
  SCRUB_BACKUPS,
  SWEEP_BACKUPS,
} from './backup.jobs';

/** What the background does for backups, and when. */
@Injectable()
export class BackupJobs {
  readonly handlers: readonly JobHandler[];

  constructor(upkeep: BackupUpkeep, trash: BackupTrash, retention: BackupRetention, scrub: BackupScrub) {
    this.handlers = [
      handles(RELEASE_BACKUP, ({ userId, id, parts }) => upkeep.release(userId, id, parts)),
      handles(RETAIN_BACKUPS, ({ userId }) => retention.apply(userId)),
      handles(SCRUB_BACKUP, ({ id }, signal) => scrub.one(id, signal)),
      handles(
        SCRUB_BACKUPS,
        async (_, signal) => {
          await scrub.all(signal);
        },
        '41 1 * * *',
      ),
      handles(
        EXPIRE_BACKUPS,
        async () => {
          await upkeep.expireUploads();
          await trash.purgeExpired();
        },
        '*/5 * * * *',
      ),
      handles(SWEEP_BACKUPS, () => upkeep.sweep(), '13 5 * * *'),
    ];
  }
}
