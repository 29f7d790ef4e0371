import { Injectable } from '@nestjs/common';
import { Installation } from '@adiuva/auth';
import {
  BlobStore,
  ObjectDeletion,
  OrphanSweep,
  parseKey,
  type BlobKey,
  type OrphanRule,
  type SweepReport,
} from '@adiuva/platform';
import { BACKUP_PREFIX, parseBackupKey, prefixOfBackup } from '../backups/backup-key';
import { ScrubStore } from './scrub.store';

const BATCH_SIZE = 500;

/** Keeps objects and rows of backups consistent. Each step may run again. */
@Injectable()
export class BackupMaintenance implements OrphanRule {
  readonly kind = 'backups';
  readonly prefix = BACKUP_PREFIX;

  constructor(
    private readonly blobs: BlobStore,
    private readonly deletion: ObjectDeletion,
    private readonly store: ScrubStore,
    private readonly orphans: OrphanSweep,
    private readonly installation: Installation,
  ) {}

  /** Deletes the objects of a backup or upload, except the one that a row names. */
  async release(
    userId: string,
    id: string,
    parts: { readonly key: string; readonly id: string } | null,
  ): Promise<void> {
    if (parts) await this.blobs.abortParts({ key: parseKey(parts.key), id: parts.id });
    await this.deleteUnnamed(prefixOfBackup(userId, id));
  }

  /** Deletes what crashes have left in the store: objects that no row has named for days, and parts of abandoned uploads. */
  sweep(signal?: AbortSignal): Promise<SweepReport> {
    return this.orphans.run(this, { dryRun: false }, signal);
  }

  verify(): Promise<Date | null> {
    return this.installation.assertMatching();
  }

  parse(key: string): BlobKey | null {
    return parseBackupKey(key)?.key ?? null;
  }

  /** Those that a backup or an upload names. */
  named(keys: readonly BlobKey[]): Promise<ReadonlySet<string>> {
    return this.store.named(
      keys,
      keys.flatMap((key) => parseBackupKey(key)?.id ?? []),
    );
  }

  /** Immediately, without regard to age: for objects of one backup, upload or erased user. */
  async deleteUnnamed(prefix: string): Promise<void> {
    let batch: BlobKey[] = [];
    const flush = async (): Promise<void> => {
      const named = await this.named(batch);
      await this.deletion.delete(batch.filter((key) => !named.has(key)));
      batch = [];
    };
    for await (const entry of this.blobs.list(prefix)) {
      const key = this.parse(entry.key);
      if (key !== null && batch.push(key) === BATCH_SIZE) await flush();
    }
    if (batch.length > 0) await flush();
  }
}
