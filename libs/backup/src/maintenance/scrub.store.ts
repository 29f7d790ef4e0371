import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import type { StoredBackup } from '../backups/backup';
import { backupOf, type BackupFields } from '../backups/backups.store';

/** Statements of the scrub and the sweep, which cover all users. */
@Injectable()
export class ScrubStore {
  constructor(private readonly database: Database) {}

  /** The backup that has not been read for the longest time, if that was before `before`. */
  async next(before: Date): Promise<StoredBackup | null> {
    const [row] = await this.database.query<BackupFields>(
      `SELECT * FROM backups WHERE scrubbed_at IS NULL OR scrubbed_at < $1 ORDER BY scrubbed_at NULLS FIRST LIMIT 1`,
      [before],
    );
    return row ? backupOf(row) : null;
  }

  async get(id: string): Promise<StoredBackup | null> {
    const [row] = await this.database.query<BackupFields>('SELECT * FROM backups WHERE id = $1', [id]);
    return row ? backupOf(row) : null;
  }

  /** Stores the outcome. Damage that is gone (a disk came back) is cleared; the list has changed when the outcome has. */
  async setOutcome(backup: StoredBackup, damaged: boolean): Promise<void> {
    await this.database.query(
      `WITH scrubbed AS (
         UPDATE backups SET scrubbed_at = clock_timestamp(), damaged_at = CASE WHEN $2 THEN COALESCE(damaged_at, clock_timestamp()) END
         WHERE id = $1 RETURNING user_id, damaged_at)
       UPDATE backup_vaults v SET changed_at = GREATEST(clock_timestamp(), date_trunc('second', v.changed_at) + interval '1 second')
       FROM scrubbed WHERE v.user_id = scrubbed.user_id AND $2 <> $3`,
      [backup.id, damaged, backup.damagedAt !== null],
    );
  }

  async damagedCount(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*)::integer AS count FROM backups WHERE damaged_at IS NOT NULL',
    );
    return row?.count ?? 0;
  }

  /** Age of the last scrub of the backup that was not read for the longest time; of its creation where it was never read. */
  async oldestScrubSeconds(): Promise<number> {
    const [row] = await this.database.query<{ seconds: number | null }>(
      'SELECT extract(epoch FROM now() - min(coalesce(scrubbed_at, created_at)))::float AS seconds FROM backups',
    );
    return Math.max(0, row?.seconds ?? 0);
  }

  /** Which of these objects a backup or an upload still names. */
  async named(keys: readonly string[], ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ name: string }>(
      `SELECT object_key AS name FROM backups WHERE object_key = ANY($1::text[])
       UNION ALL SELECT object_key FROM backup_uploads WHERE object_key = ANY($1::text[])
       UNION ALL SELECT tag FROM backup_chunks WHERE upload_id = ANY($2::uuid[])`,
      [keys, ids],
    );
    return new Set(rows.map(({ name }) => name));
  }
}
