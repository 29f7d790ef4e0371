import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, Jobs, parseKey, type PartsUpload, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { StoredBackup } from '../backups/backup';
import { RELEASE_BACKUP, RETAIN_BACKUPS } from '../backup-job-kinds';
import { BackupsStore, type NewBackup } from '../backups/backups.store';
import { keepsEverything } from '../backups/retention';
import type { UploadState } from './upload-state';
import type { AbandonedUpload } from './upload-row';
import { UploadsStore, type NewUpload } from './uploads.store';

/** Of a user, those in the trash included: the list is answered whole. */
const MAX_BACKUPS = 10_000;
/** Uploads of a user in chunks that are not completed. */
const MAX_OPEN = 100;

/** Capacity of uploads in progress: reserved when they begin, charged when they become backups, released when they do not. */
@Injectable()
export class UploadReservations {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly uploads: UploadsStore,
    private readonly backups: BackupsStore,
    private readonly jobs: Jobs,
  ) {}

  /** Refuses what does not fit before anything is read. @throws `upgrade_required`, `quota_exceeded`, `conflict` (too many backups) */
  async assertFits(owner: Principal, sizeBytes: number): Promise<void> {
    await this.quota.assertCapacity(owner, 'backups', sizeBytes);
    const { backups } = await this.quota.usage(owner);
    assertFewer(backups.count, MAX_BACKUPS, 'backups');
  }

  /** @throws `upgrade_required`, `quota_exceeded`, `conflict` (too many backups or open uploads) */
  async begin(owner: Principal, upload: NewUpload, hours: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      // Its lock serialises the uploads of a user, so that the limits hold.
      await this.quota.reserve(tx, owner, upload.sizeBytes);
      const { open, unfinished } = await this.uploads.counts(tx, owner.userId);
      if (upload.state === 'open') assertFewer(open, MAX_OPEN, 'uploads in chunks');
      assertFewer((await this.quota.backupCount(tx, owner.userId)) + unfinished, MAX_BACKUPS, 'backups');
      await this.uploads.insert(tx, upload, hours);
    });
  }

  /** Reserves more for a body whose length is not known. @throws `quota_exceeded` */
  async grow(owner: Principal, id: string, bytes: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.quota.reserve(tx, owner, bytes);
      await this.uploads.grow(tx, id, bytes);
    });
  }

  /** Makes a backup of an upload; `end` ends the upload's row and throws when this caller does not own it any more. */
  async commit(backup: NewBackup, reservedBytes: number, end: (tx: Tx) => Promise<void>): Promise<StoredBackup> {
    return this.database.transaction(async (tx) => {
      await this.quota.lock(tx, backup);
      await end(tx);
      await this.quota.commitReservation(tx, backup.userId, reservedBytes, backup.sizeBytes);
      const stored = await this.backups.insert(tx, backup);
      const rule = await this.backups.rule(backup.userId, tx);
      if (!keepsEverything(rule))
        await this.jobs.add(tx, RETAIN_BACKUPS, { userId: backup.userId }, { key: `retain_backups:${backup.userId}` });
      return stored;
    });
  }

  /** Deletes an upload and releases its reservation; a job deletes its bytes. False when it is in none of `states`. */
  async drop(id: string, states: readonly UploadState[], expired = false): Promise<boolean> {
    const abandoned = await this.uploads.find(id);
    if (!abandoned) return false;
    return this.database.transaction(async (tx) => {
      await this.quota.lockInJob(tx, abandoned.userId);
      if (!(await this.uploads.remove(tx, abandoned, states, expired))) return false;
      await this.quota.release(tx, abandoned.userId, abandoned.reservedBytes);
      await this.release(tx, abandoned.userId, abandoned.id, partsOf(abandoned));
      return true;
    });
  }

  /** For an upload whose row is gone, because the account was erased: a job deletes what has been stored since. */
  async releaseObjects(userId: string, id: string): Promise<void> {
    await this.database.transaction((tx) => this.release(tx, userId, id));
  }

  /** Enqueues the job that deletes the objects of a backup or upload that no row names. */
  async release(tx: Tx, userId: string, id: string, parts: PartsUpload | null = null): Promise<void> {
    await this.jobs.add(tx, RELEASE_BACKUP, { userId, id, parts });
  }
}

function assertFewer(count: number, max: number, what: string): void {
  if (count >= max) throw new Problem('conflict', { detail: `There are ${max} ${what} already` });
}

export function partsOf(abandoned: AbandonedUpload): PartsUpload | null {
  return abandoned.partsId === null ? null : { key: parseKey(abandoned.object), id: abandoned.partsId };
}
