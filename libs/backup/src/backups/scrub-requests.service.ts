import { Injectable } from '@nestjs/common';
import { Database, Jobs, Log } from '@adiuva/platform';
import { SCRUB_BACKUP } from '../backup-job-kinds';
import type { StoredBackup } from './backup';

/** Has a backup verified by a job when a download has found it damaged. */
@Injectable()
export class ScrubRequests {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly log: Log,
  ) {}

  async request({ id, userId }: Pick<StoredBackup, 'id' | 'userId'>): Promise<void> {
    this.log.error('backup_read_damaged', { user_id: userId, backup_id: id });
    await this.database
      .transaction((tx) => this.jobs.add(tx, SCRUB_BACKUP, { id }, { key: `scrub_backup:${id}` }))
      .catch(() => undefined);
  }
}
