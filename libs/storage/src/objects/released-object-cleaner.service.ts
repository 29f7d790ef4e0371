import { Injectable } from '@nestjs/common';
import { Database, ObjectDeletion, parseKey } from '@adiuva/platform';
import { StorageConfig } from '../storage.config';

const BATCH_SIZE = 500;

/** Deletes the objects that writes have released, once reads in progress have had time to end. */
@Injectable()
export class ReleasedObjectCleaner {
  constructor(
    private readonly database: Database,
    private readonly deletion: ObjectDeletion,
    private readonly config: StorageConfig,
  ) {}

  /** Returns the number of deleted objects. Deletion is idempotent, so a crash between the two steps is harmless. */
  async run(signal?: AbortSignal): Promise<number> {
    let removed = 0;
    while (signal?.aborted !== true) {
      const rows = await this.database.query<{ object_key: string }>(
        `SELECT object_key FROM released_objects WHERE released_at <= now() - make_interval(secs => $1) ORDER BY released_at LIMIT ${BATCH_SIZE}`,
        [this.config.BLOB_RELEASE_SECONDS],
      );
      if (rows.length === 0) break;
      const keys = rows.map((row) => row.object_key);
      if (!(await this.deletion.tryDelete(keys.map(parseKey)))) break;
      await this.database.query('DELETE FROM released_objects WHERE object_key = ANY($1)', [keys]);
      removed += rows.length;
    }
    return removed;
  }
}
