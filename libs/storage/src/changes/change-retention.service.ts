import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import { StorageConfig } from '../storage.config';

const USERS_PER_PAGE = 200;

/**
 * Deletes from the change feed deletions and overwritten versions older than `RECORD_TOMBSTONE_DAYS`, and the tombstones themselves. The
 * floor that it leaves makes older cursors expire. The last change of a living record is never deleted.
 */
@Injectable()
export class ChangeRetention {
  constructor(
    private readonly database: Database,
    private readonly config: StorageConfig,
  ) {}

  /** Gives the number of deleted changes. */
  async run(signal?: AbortSignal): Promise<number> {
    let forgotten = 0;
    for (let after = '00000000-0000-0000-0000-000000000000'; signal?.aborted !== true;) {
      const users = await this.database.query<{ user_id: string }>(
        'SELECT user_id FROM storage_usage WHERE user_id > $1 ORDER BY user_id LIMIT $2',
        [after, USERS_PER_PAGE],
      );
      const last = users.at(-1);
      if (!last) break;
      for (const { user_id } of users) forgotten += await this.forget(user_id);
      after = last.user_id;
    }
    return forgotten;
  }

  private async forget(userId: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ forgotten: string }[]>(FORGET, [userId, this.config.RECORD_TOMBSTONE_DAYS]);
      return Number(row?.forgotten ?? 0);
    });
  }
}

/** $1 user, $2 days. */
const FORGET = `
  WITH old AS (
    SELECT c.position, c.record_id, c.checksum IS NULL AS deletion FROM record_changes c
    WHERE c.user_id = $1 AND c.changed_at < now() - make_interval(days => $2)
      AND NOT EXISTS (
        SELECT FROM records r WHERE r.user_id = $1 AND r.id = c.record_id AND r.version = c.version AND r.deleted_at IS NULL
      )
  ), forgotten AS (
    DELETE FROM record_changes c USING old WHERE c.user_id = $1 AND c.position = old.position RETURNING c.position
  ), buried AS (
    DELETE FROM records r USING old
    WHERE old.deletion AND r.user_id = $1 AND r.id = old.record_id AND r.deleted_at < now() - make_interval(days => $2)
  ), floor AS (
    INSERT INTO record_feeds AS f (user_id, floor) SELECT $1, max(position) FROM forgotten HAVING count(*) > 0
    ON CONFLICT (user_id) DO UPDATE SET floor = GREATEST(f.floor, excluded.floor)
  )
  SELECT count(*) AS forgotten FROM forgotten`;
