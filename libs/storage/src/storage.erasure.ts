import { Injectable } from '@nestjs/common';
import { BlobStore, Database, tryKey, type BlobKey } from '@adiuva/platform';

const BATCH_SIZE = 500;

/**
 * Erases the records of a user whose account is erased: rows with the usage of all kinds, then every object under the
 * user's prefix. Runs after vectors and backups are erased; may be run again at any point.
 */
@Injectable()
export class StorageErasure {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
  ) {}

  async erase(userId: string, signal?: AbortSignal): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const statement of ERASE) await tx.query(statement, [userId]);
    });
    let keys: BlobKey[] = [];
    for await (const entry of this.blobs.list(`${userId}/`)) {
      signal?.throwIfAborted();
      const key = tryKey(entry.key);
      if (key && keys.push(key) === BATCH_SIZE) {
        await this.blobs.delete(keys);
        keys = [];
      }
    }
    await this.blobs.delete(keys);
  }
}

const ERASE = [
  // The lock of the usage row first, as every writer takes it.
  'SELECT FROM storage_usage WHERE user_id = $1 FOR UPDATE',
  'DELETE FROM records WHERE user_id = $1',
  'DELETE FROM record_changes WHERE user_id = $1',
  'DELETE FROM record_buckets WHERE user_id = $1',
  'DELETE FROM record_feeds WHERE user_id = $1',
  'DELETE FROM storage_usage WHERE user_id = $1',
];
