import { Injectable } from '@nestjs/common';
import { BlobStore, Database, tryKey, type BlobKey } from '@adiuva/platform';

const AT_ONCE = 500;

/** Erases what is stored of a user whose account is gone: rows, then every object under his name. May be run again at any point. */
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
      if (key && keys.push(key) === AT_ONCE) {
        await this.blobs.delete(keys);
        keys = [];
      }
    }
    await this.blobs.delete(keys);
  }
}

const ERASE = [
  // The ledger's lock first, as every writer takes it, so that none is half-way through.
  'SELECT FROM storage_usage WHERE user_id = $1 FOR UPDATE',
  'DELETE FROM records WHERE user_id = $1',
  'DELETE FROM record_changes WHERE user_id = $1',
  'DELETE FROM record_buckets WHERE user_id = $1',
  'DELETE FROM record_feeds WHERE user_id = $1',
  `UPDATE storage_usage SET records_bytes = 0, records_count = 0 WHERE user_id = $1`,
];
