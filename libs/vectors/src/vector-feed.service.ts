import { Injectable } from '@nestjs/common';
import { Installation } from '@adiuva/auth';
import { Problem, type Principal } from '@adiuva/kernel';
import { Database, jobKind } from '@adiuva/platform';
import { advance, assertCurrent, cursorEpoch, formatCursor, parseCursor, Quota } from '@adiuva/quota';
import { z } from 'zod';

import { DEFAULT_COLLECTION } from './collection';
import { VectorsConfig } from './vectors.config';

/** One item as it stands now; of several changes to one item a reader sees the last. Blob and checksum are null in a deletion. */
export interface VectorChange {
  readonly id: string;
  readonly version: number;
  readonly epoch: number;
  readonly deleted: boolean;
  readonly blob: Buffer | null;
  readonly checksum: Buffer | null;
  readonly updatedAt: Date;
}

export interface VectorChanges {
  readonly changes: readonly VectorChange[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** Nightly: old tombstones are deleted from the feed. */
export const PURGE_VECTOR_TOMBSTONES = jobKind('purge_vector_tombstones', z.unknown());

interface Fields {
  readonly id: string;
  readonly position: string;
  readonly version: number;
  readonly epoch: number;
  readonly deleted: boolean;
  readonly blob: Buffer | null;
  readonly checksum: Buffer | null;
  readonly updated_at: Date;
}

/**
 * What a `local` client syncs by: every item of a collection in the order of its last change. Positions come from the user's ledger,
 * whose row is locked until a writer commits, so a reader never passes a change that commits later.
 */
@Injectable()
export class VectorFeed {
  constructor(
    private readonly database: Database,
    private readonly quota: Quota,
    private readonly config: VectorsConfig,
    private readonly installation: Installation,
  ) {}

  /** @throws `not_found`, `cursor_expired`, `validation_failed`, `upgrade_required` */
  async after(owner: Principal, collection: string, cursor: string | undefined, limit: number): Promise<VectorChanges> {
    await this.quota.assertReadable(owner, 'vectors');
    const from = parseCursor(cursor);
    const epoch = cursorEpoch(await this.installation.epoch());
    const state = { floor: await this.floor(owner.userId, collection), epoch };
    assertCurrent(from, state);
    const rows = await this.database.query<Fields>(
      `SELECT id, position, version, epoch, deleted, blob, checksum, updated_at FROM vector_items
       WHERE user_id = $1 AND collection = $2 AND (position, id) > ($3, $4) ORDER BY position, id LIMIT $5`,
      [owner.userId, collection, from.position, from.id, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = last ? advance(from, { position: Number(last.position), id: last.id }, state) : from;
    return { changes: page.map(changeOf), cursor: formatCursor(next), hasMore: rows.length > limit };
  }

  /** Deletes old tombstones, one collection at a time. */
  async purge(): Promise<void> {
    const stale = await this.database.query<{ user_id: string; collection: string }>(
      `SELECT DISTINCT user_id, collection FROM vector_items WHERE deleted AND updated_at < now() - make_interval(days => $1)`,
      [this.config.VECTOR_TOMBSTONE_DAYS],
    );
    for (const { user_id, collection } of stale) await this.purgeOne(user_id, collection);
  }

  private async purgeOne(userId: string, collection: string): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(
        `WITH gone AS (
           DELETE FROM vector_items WHERE user_id = $1 AND collection = $2 AND deleted AND updated_at < now() - make_interval(days => $3)
           RETURNING position)
         UPDATE vector_collections SET purged_position = GREATEST(purged_position, (SELECT coalesce(max(position), 0) FROM gone))
         WHERE user_id = $1 AND name = $2`,
        [userId, collection, this.config.VECTOR_TOMBSTONE_DAYS],
      ),
    );
  }

  private async floor(userId: string, collection: string): Promise<number> {
    const [row] = await this.database.query<{ purged_position: string }>(
      'SELECT purged_position FROM vector_collections WHERE user_id = $1 AND name = $2 AND deleted_at IS NULL',
      [userId, collection],
    );
    if (!row && collection !== DEFAULT_COLLECTION) throw new Problem('not_found');
    return Number(row?.purged_position ?? 0);
  }
}

function changeOf({ id, version, epoch, deleted, blob, checksum, updated_at }: Fields): VectorChange {
  return { id, version, epoch, deleted, blob, checksum, updatedAt: updated_at };
}
