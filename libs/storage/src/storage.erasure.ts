import { Injectable } from '@nestjs/common';
import { BlobStore, Database, ObjectDeletion, tryKey, type BlobKey } from '@adiuva/platform';
import { Quota } from '@adiuva/quota';

const BATCH_SIZE = 500;
const TABLES = ['records', 'record_changes', 'record_buckets', 'record_feeds'] as const;

/**
 * Erases the records of a user whose account is erased: rows with the usage of all kinds, then every object under the
 * user's prefix. Runs after vectors and backups are erased; may be run again at any point.
 */
@Injectable()
export class StorageErasure {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly deletion: ObjectDeletion,
    private readonly quota: Quota,
  ) {}

  async erase(userId: string, signal?: AbortSignal): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.quota.lockInJob(tx, userId);
      for (const table of TABLES) await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
      await this.quota.erase(tx, userId);
    });
    let keys: BlobKey[] = [];
    for await (const entry of this.blobs.list(`${userId}/`)) {
      signal?.throwIfAborted();
      const key = tryKey(entry.key);
      if (key && keys.push(key) === BATCH_SIZE) {
        await this.deletion.delete(keys);
        keys = [];
      }
    }
    await this.deletion.delete(keys);
    await this.database.query('DELETE FROM released_objects WHERE starts_with(object_key, $1)', [`${userId}/`]);
  }
}
