import { Injectable } from '@nestjs/common';
import { Clock } from '@adiuva/kernel';
import { BlobStore, Database, parseKey, type BlobKey } from '@adiuva/platform';
import { UploadReservations, partsOf } from '../uploads/upload-reservations.service';
import { BACKUP_PREFIX, prefixOfBackup, prefixOfUser, readBackupKey } from '../backups/backup-key';
import { BackupsStore } from '../backups/backups.store';
import { ScrubStore } from './scrub.store';
import { UploadsStore } from '../uploads/uploads.store';

const DAY_MS = 86_400_000;
const BATCH = 500;
/** Later than the end of every upload. */
const UNFINISHED_MS = 8 * DAY_MS;

/** Keeps what is stored and what is known about it the same. Each step may run again. */
@Injectable()
export class BackupMaintenance {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly reservations: UploadReservations,
    private readonly uploads: UploadsStore,
    private readonly backups: BackupsStore,
    private readonly named: ScrubStore,
    private readonly clock: Clock,
  ) {}

  /** Gives abandoned uploads up, with the room that they had reserved. */
  async expireUploads(): Promise<void> {
    for (const { id } of await this.uploads.abandoned('expired'))
      await this.reservations.drop(id, ['streaming', 'open', 'completing', 'completed'], true);
  }

  /** Removes the objects of a backup or upload, except the one that a row names. */
  async release(
    userId: string,
    id: string,
    parts: { readonly key: string; readonly id: string } | null,
  ): Promise<void> {
    if (parts) await this.blobs.abortParts({ key: parseKey(parts.key), id: parts.id });
    await this.removeUnnamed(prefixOfBackup(userId, id), this.clock.now());
  }

  /** Removes what crashes have left in the store: objects that no row names, a day old, and parts of uploads that are over. */
  async sweep(): Promise<void> {
    await this.removeUnnamed(BACKUP_PREFIX, new Date(this.clock.now().getTime() - DAY_MS));
    await this.blobs.dropUnfinished(new Date(this.clock.now().getTime() - UNFINISHED_MS), false);
  }

  /** Erases everything of a user: uploads first, so that none of them can become a backup any more. */
  async erase(userId: string): Promise<void> {
    for (const left of await this.uploads.abandoned({ userId })) {
      const parts = partsOf(left);
      await this.database.transaction((tx) => this.uploads.erase(tx, left.id));
      if (parts) await this.blobs.abortParts(parts);
    }
    await this.database.transaction((tx) => this.backups.erase(tx, userId));
    await this.removeUnnamed(prefixOfUser(userId), this.clock.now());
  }

  private async removeUnnamed(prefix: string, before: Date): Promise<void> {
    let batch: { key: BlobKey; id: string }[] = [];
    for await (const entry of this.blobs.list(prefix)) {
      const known = readBackupKey(entry.key);
      if (known === null || entry.modifiedAt > before) continue;
      batch.push(known);
      if (batch.length === BATCH) {
        await this.removeBatch(batch);
        batch = [];
      }
    }
    await this.removeBatch(batch);
  }

  private async removeBatch(batch: readonly { key: BlobKey; id: string }[]): Promise<void> {
    if (batch.length === 0) return;
    const named = await this.named.named(
      batch.map(({ key }) => key),
      batch.map(({ id }) => id),
    );
    const unnamed = batch.map(({ key }) => key).filter((key) => !named.has(key));
    await this.blobs.delete(unnamed);
  }
}
