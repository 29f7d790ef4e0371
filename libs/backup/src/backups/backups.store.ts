import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, parseKey, type Tx } from '@adiuva/platform';
import type { BackupLabel, StoredBackup } from './backup';
import { blocksOf, joinedChecksums } from './block-checksums';
import { KEEP_EVERYTHING, type RetentionRule } from './retention';

/** A backup whose bytes are stored and verified. */
export type NewBackup = BackupLabel &
  Pick<StoredBackup, 'id' | 'userId' | 'object' | 'sizeBytes' | 'chunkCount' | 'blocks'>;

/** A row as the driver gives it. */
export interface BackupFields {
  readonly id: string;
  readonly user_id: string;
  readonly object_key: string;
  readonly size_bytes: string;
  readonly checksum: string;
  readonly version: string;
  readonly client_time: string;
  readonly chunk_count: number;
  readonly block_size: string | null;
  readonly block_checksums: Buffer | null;
  readonly created_at: Date;
  readonly purge_at: Date | null;
  readonly restored_at: Date | null;
  readonly damaged_at: Date | null;
}

/** Everything but the block checksums, which may be large and only a range request needs. */
const COLUMNS = `id, user_id, object_key, size_bytes, checksum, version, client_time, chunk_count, NULL AS block_size, NULL AS block_checksums,
  created_at, purge_at, restored_at, damaged_at`;

/** Rows of backups. A caller that writes holds the lock of the user's usage row. */
@Injectable()
export class BackupsStore {
  constructor(private readonly database: Database) {}

  /** Newest first; including deleted ones, which have a `purgeAt`. */
  async all(userId: string, tx?: Tx): Promise<StoredBackup[]> {
    const sql = `SELECT ${COLUMNS} FROM backups WHERE user_id = $1 ORDER BY created_at DESC, id DESC`;
    const rows = await (tx
      ? tx.query<BackupFields[]>(sql, [userId])
      : this.database.query<BackupFields>(sql, [userId]));
    return rows.map(backupOf);
  }

  /** The newest one that is not deleted and not known to be damaged; the newest of all where every one is damaged. */
  async latest(userId: string): Promise<StoredBackup | null> {
    const [row] = await this.database.query<BackupFields>(
      `SELECT * FROM backups WHERE user_id = $1 AND purge_at IS NULL
       ORDER BY damaged_at IS NOT NULL, created_at DESC, id DESC LIMIT 1`,
      [userId],
    );
    return row ? backupOf(row) : null;
  }

  /** One backup, deleted or not. @throws `not_found` */
  async get(userId: string, id: string): Promise<StoredBackup> {
    const [row] = await this.database.query<BackupFields>('SELECT * FROM backups WHERE user_id = $1 AND id = $2', [
      userId,
      id,
    ]);
    if (!row) throw new Problem('not_found');
    return backupOf(row);
  }

  /** Gives it a time that is later than that of every other backup of the user. */
  async insert(tx: Tx, backup: NewBackup): Promise<StoredBackup> {
    const [row] = await tx.query<BackupFields[]>(
      `INSERT INTO backups (id, user_id, object_key, size_bytes, checksum, version, client_time, chunk_count, block_size, block_checksums, created_at)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
         GREATEST(clock_timestamp(), (SELECT max(created_at) FROM backups WHERE user_id = $2) + interval '1 millisecond')
       RETURNING *`,
      [
        backup.id,
        backup.userId,
        backup.object,
        backup.sizeBytes,
        backup.checksum,
        backup.version,
        backup.timestamp,
        backup.chunkCount,
        backup.blocks?.size ?? null,
        backup.blocks ? joinedChecksums(backup.blocks) : null,
      ],
    );
    if (!row) throw new Error('an inserted row came back empty');
    await this.touch(tx, backup.userId);
    return backupOf(row);
  }

  /** Hides backups; those that are hidden already keep the time at which they will be gone. */
  async hide(tx: Tx, userId: string, ids: readonly string[], days: number): Promise<Date | null> {
    const [row] = await tx.query<{ purge_at: Date | null }[]>(
      `WITH hidden AS (
         UPDATE backups SET purge_at = COALESCE(purge_at, clock_timestamp() + make_interval(days => $3)), restored_at = NULL
         WHERE user_id = $1 AND id = ANY($2::uuid[]) RETURNING purge_at)
       SELECT max(purge_at) AS purge_at FROM hidden`,
      [userId, ids, days],
    );
    await this.touch(tx, userId);
    return row?.purge_at ?? null;
  }

  /** Whether there was such a backup. */
  async restore(tx: Tx, userId: string, id: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(
      `WITH restored AS (
         UPDATE backups SET purge_at = NULL, restored_at = CASE WHEN purge_at IS NULL THEN restored_at ELSE clock_timestamp() END
         WHERE user_id = $1 AND id = $2 RETURNING id)
       SELECT id FROM restored`,
      [userId, id],
    );
    await this.touch(tx, userId);
    return rows.length === 1;
  }

  /** Deletes a row and returns it. With `expired`, only when its time in the trash is over. */
  async remove(tx: Tx, userId: string, id: string, expired: boolean): Promise<StoredBackup | null> {
    const [row] = await tx.query<BackupFields[]>(
      `WITH removed AS (DELETE FROM backups WHERE user_id = $1 AND id = $2 AND (NOT $3 OR purge_at < clock_timestamp()) RETURNING *)
       SELECT ${COLUMNS} FROM removed`,
      [userId, id, expired],
    );
    if (!row) return null;
    await this.touch(tx, userId);
    return backupOf(row);
  }

  async expired(
    limit: number,
  ): Promise<readonly { readonly id: string; readonly userId: string; readonly sizeBytes: number }[]> {
    const rows = await this.database.query<BackupFields>(
      `SELECT ${COLUMNS} FROM backups WHERE purge_at < clock_timestamp() ORDER BY purge_at LIMIT $1`,
      [limit],
    );
    return rows.map(backupOf);
  }

  /** When the user's list of backups last changed; null when there never was one. */
  async changedAt(userId: string): Promise<Date | null> {
    const [row] = await this.database.query<{ changed_at: Date }>(
      'SELECT changed_at FROM backup_vaults WHERE user_id = $1',
      [userId],
    );
    return row?.changed_at ?? null;
  }

  async rule(userId: string, tx?: Tx): Promise<RetentionRule> {
    const sql = `SELECT keep_last AS "keepLast", keep_daily AS "keepDaily", keep_weekly AS "keepWeekly", keep_monthly AS "keepMonthly"
      FROM backup_vaults WHERE user_id = $1`;
    const [row] = await (tx
      ? tx.query<RetentionRule[]>(sql, [userId])
      : this.database.query<RetentionRule>(sql, [userId]));
    return row ?? KEEP_EVERYTHING;
  }

  async setRule(tx: Tx, userId: string, rule: RetentionRule): Promise<void> {
    await tx.query(
      `INSERT INTO backup_vaults (user_id, keep_last, keep_daily, keep_weekly, keep_monthly, changed_at)
       VALUES ($1, $2, $3, $4, $5, clock_timestamp())
       ON CONFLICT (user_id) DO UPDATE SET keep_last = excluded.keep_last, keep_daily = excluded.keep_daily,
         keep_weekly = excluded.keep_weekly, keep_monthly = excluded.keep_monthly`,
      [userId, rule.keepLast, rule.keepDaily, rule.keepWeekly, rule.keepMonthly],
    );
  }

  /** Deletes all rows of an erased user. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM backups WHERE user_id = $1', [userId]);
    await tx.query('DELETE FROM backup_vaults WHERE user_id = $1', [userId]);
  }

  private async touch(tx: Tx, userId: string): Promise<void> {
    await tx.query(
      `INSERT INTO backup_vaults AS v (user_id, changed_at) VALUES ($1, clock_timestamp())
       ON CONFLICT (user_id) DO UPDATE SET
         changed_at = GREATEST(clock_timestamp(), date_trunc('second', v.changed_at) + interval '1 second')`,
      [userId],
    );
  }
}

export function backupOf(row: BackupFields): StoredBackup {
  return {
    id: row.id,
    userId: row.user_id,
    object: parseKey(row.object_key),
    sizeBytes: Number(row.size_bytes),
    checksum: row.checksum,
    version: row.version,
    timestamp: Number(row.client_time),
    chunkCount: row.chunk_count,
    blocks:
      row.block_size !== null && row.block_checksums ? blocksOf(Number(row.block_size), row.block_checksums) : null,
    createdAt: row.created_at,
    purgeAt: row.purge_at,
    damagedAt: row.damaged_at,
    restored: row.restored_at !== null,
  };
}
