import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, Jobs, parseKey, type PartsUpload, type Tx } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';
import type { StoredBackup } from '../backups/backup';
import { RELEASE_BACKUP, RETAIN_BACKUPS } from '../backup.jobs';
import { BackupsStore, type NewBackup } from '../backups/backups.store';
import { keepsEverything } from '../backups/retention';
import type { UploadState } from './upload-state';
import type { AbandonedUpload } from './upload-row';
import { UploadsStore, type NewUpload } from './uploads.store';

/** So many backups a user, those in the trash included: the list of them is answered whole. */
const MAX_BACKUPS = 10_000;

/** The room of backups on their way in: reserved when they begin, settled when they have become backups, given back when they have not. */
@Injectable()
export class UploadReservations {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly uploads: UploadsStore,
    private readonly backups: BackupsStore,
    private readonly jobs: Jobs,
  ) {}

  /** Refuses what has no room before anything is read. @throws `upgrade_required`, `quota_exceeded`, `conflict` (too many backups) */
  async admit(owner: Principal, sizeBytes: number): Promise<void> {
    await this.quota.assertCapacity(owner, 'backups', sizeBytes);
    const { backups } = await this.quota.usage(owner);
    if (backups.count >= MAX_BACKUPS)
      throw new Problem('conflict', { detail: `There are ${MAX_BACKUPS} backups already` });
  }

  /** @throws `upgrade_required`, `quota_exceeded` */
  async begin(owner: Principal, upload: NewUpload, hours: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.quota.reserve(tx, owner, upload.sizeBytes);
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

  /** Makes a backup of what has arrived; `end` ends the upload's row and throws when that is not ours any more. */
  async commit(backup: NewBackup, reservedBytes: number, end: (tx: Tx) => Promise<void>): Promise<StoredBackup> {
    return this.database.transaction(async (tx) => {
      await this.quota.commitReservation(tx, backup.userId, reservedBytes, backup.sizeBytes);
      await end(tx);
      const stored = await this.backups.insert(tx, backup);
      const rule = await this.backups.rule(backup.userId, tx);
      if (!keepsEverything(rule))
        await this.jobs.add(tx, RETAIN_BACKUPS, { userId: backup.userId }, { key: `retain_backups:${backup.userId}` });
      return stored;
    });
  }

  /** Gives an upload and its room up; a job removes its bytes. False when it is in none of `states`, so that it is another's to end. */
  async drop(id: string, states: readonly UploadState[], expired = false): Promise<boolean> {
    const left = await this.uploads.leftover(id);
    if (!left) return false;
    try {
      await this.database.transaction(async (tx) => {
        await this.quota.release(tx, left.userId, left.reservedBytes);
        if (!(await this.uploads.remove(tx, left, states, expired))) throw new NotOurs();
        await this.release(tx, left.userId, left.id, partsOf(left));
      });
      return true;
    } catch (error) {
      if (error instanceof NotOurs) return false;
      throw error;
    }
  }

  /** Has a job remove the objects of a backup or upload that no row names. */
  async release(tx: Tx, userId: string, id: string, parts: PartsUpload | null = null): Promise<void> {
    await this.jobs.add(tx, RELEASE_BACKUP, { userId, id, parts });
  }
}

export function partsOf(left: AbandonedUpload): PartsUpload | null {
  return left.partsId === null ? null : { key: parseKey(left.object), id: left.partsId };
}

class NotOurs extends Error {}
