import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '@adiuva/kernel';
import { BlobStore } from './blob-store.port';
import type { BlobKey } from './safe-key';

/**
 * Advisory lock of the database: shared by deletions of objects, exclusive for a backup of the server. A backup takes its snapshot of the
 * database first and copies the objects afterwards, so that objects which the snapshot names must stay until they are copied.
 */
export const OBJECT_DELETION_LOCK = 4_103_251_878;

const RETRY_AFTER_S = 60;

/** Deletes objects that rows have named. Objects that no committed row has named yet may be deleted by `BlobStore.delete` itself. */
@Injectable()
export class ObjectDeletion {
  constructor(
    private readonly source: DataSource,
    private readonly blobs: BlobStore,
  ) {}

  /** @throws `unavailable` while a backup of the server is made, and as `BlobStore.delete` */
  async delete(keys: readonly BlobKey[]): Promise<void> {
    if (!(await this.tryDelete(keys))) {
      const detail = 'Objects are not deleted while a backup of the server is made';
      throw new Problem('unavailable', { detail, retryAfter: RETRY_AFTER_S });
    }
  }

  /** False, without an effect, while a backup of the server is made. For jobs that come back by themselves. */
  async tryDelete(keys: readonly BlobKey[]): Promise<boolean> {
    if (keys.length === 0) return true;
    const runner = this.source.createQueryRunner();
    try {
      const [lock] = (await runner.query('SELECT pg_try_advisory_lock_shared($1) AS acquired', [
        OBJECT_DELETION_LOCK,
      ])) as { acquired: boolean }[];
      if (lock?.acquired !== true) return false;
      try {
        await this.blobs.delete(keys);
      } finally {
        await runner.query('SELECT pg_advisory_unlock_shared($1)', [OBJECT_DELETION_LOCK]);
      }
      return true;
    } finally {
      await runner.release();
    }
  }
}
