import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { BlobStore, isUnreadable, Log } from '@adiuva/platform';
import type { StoredBackup } from '../backups/backup';
import { BackupConfig } from '../backup.config';
import { ScrubStore } from './scrub.store';

export interface ScrubReport {
  readonly read: number;
  readonly damaged: readonly { readonly id: string; readonly userId: string }[];
  /** False when the night was too short; the rest comes first the next time. */
  readonly finished: boolean;
}

const HOUR_MS = 3_600_000;

/** Reads stored backups again and marks those whose bytes have changed. */
@Injectable()
export class BackupScrub {
  constructor(
    private readonly blobs: BlobStore,
    private readonly store: ScrubStore,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly config: BackupConfig,
  ) {}

  /** Every backup that has not been read since the start, the longest unread first. Fails when the store is down. */
  async all(signal: AbortSignal): Promise<ScrubReport> {
    const startedAt = this.clock.now();
    const damaged: { id: string; userId: string }[] = [];
    let read = 0;
    let backup = await this.store.next(startedAt);
    while (
      backup &&
      !signal.aborted &&
      this.clock.now().getTime() - startedAt.getTime() < this.config.BACKUP_SCRUB_HOURS * HOUR_MS
    ) {
      if (!(await this.verify(backup, signal))) damaged.push({ id: backup.id, userId: backup.userId });
      read += 1;
      backup = await this.store.next(startedAt);
    }
    this.log.info('backup_scrub', { count: read });
    const damagedCount = await this.store.damagedCount();
    if (damagedCount > 0) this.log.error('backups_damaged', { count: damagedCount });
    return { read, damaged, finished: backup === null };
  }

  async one(id: string, signal: AbortSignal): Promise<void> {
    const backup = await this.store.get(id);
    if (backup) await this.verify(backup, signal);
  }

  /** Whether the backup is intact. A damaged one is read twice, because a read may fail too. */
  private async verify(backup: StoredBackup, signal: AbortSignal): Promise<boolean> {
    const intact = (await this.isWhole(backup, signal)) || (await this.isWhole(backup, signal));
    await this.store.setOutcome(backup, !intact);
    if (!intact)
      this.log.error('backup_damaged', { user_id: backup.userId, backup_id: backup.id, bytes: backup.sizeBytes });
    return intact;
  }

  private async isWhole(backup: StoredBackup, signal: AbortSignal): Promise<boolean> {
    const hash = createHash('sha256');
    try {
      const bytes: AsyncIterable<Buffer> = await this.blobs.open(backup.object, undefined, signal);
      for await (const chunk of bytes) hash.update(chunk);
    } catch (error) {
      if (error instanceof Problem && error.code === 'not_found') return false;
      if (!isUnreadable(error)) throw error;
      // One file, unless the whole store fails: a backup that cannot be read must not end the scrub before all others.
      await this.blobs.check(signal);
      return false;
    }
    return hash.digest('hex') === backup.checksum;
  }
}
