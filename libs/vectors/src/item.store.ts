import { Injectable } from '@nestjs/common';
import type { Delta } from '@adiuva/quota';
import { Database, type Tx } from '@adiuva/platform';
import type { NewVector } from './vector-item';
import type { SketchAlgorithm } from './collection';

/** An item as a search gives it back. */
export interface FoundItem {
  readonly id: string;
  readonly blob: Buffer;
  readonly epoch: number;
}

/** What an index needs to know of an item; no sketch where it has none or is deleted. */
export interface SketchRow {
  readonly id: string;
  readonly position: number;
  readonly epoch: number;
  readonly sketch: Buffer | null;
  readonly alg: SketchAlgorithm | null;
  readonly dim: number | null;
}

/** A place in the order of changes: those of one batch share a position and are told apart by their ids. */
export interface FeedPlace {
  readonly position: number;
  readonly id: string;
}

export const FEED_START: FeedPlace = { position: 0, id: '' };

const SIZE = 'coalesce(octet_length(blob), 0) + coalesce(octet_length(sketch), 0)';

/** Rows of sealed vectors and their sketches, the truth that every index is made from. */
@Injectable()
export class ItemStore {
  constructor(private readonly database: Database) {}

  /** What live items of these ids count for now. */
  async counted(tx: Tx, userId: string, collection: string, ids: readonly string[]): Promise<Delta> {
    return this.sum(tx, 'user_id = $1 AND collection = $2 AND id = ANY($3) AND NOT deleted', [userId, collection, ids]);
  }

  async countedAll(tx: Tx, userId: string, collection: string): Promise<Delta> {
    return this.sum(tx, 'user_id = $1 AND collection = $2 AND NOT deleted', [userId, collection]);
  }

  async upsert(
    tx: Tx,
    userId: string,
    collection: string,
    position: number,
    items: readonly (NewVector & { epoch: number })[],
  ): Promise<void> {
    await tx.query(
      `INSERT INTO vector_items AS i (user_id, collection, position, id, epoch, blob, checksum, sketch, alg, dim)
       SELECT $1, $2, $3, v.* FROM unnest($4::text[], $5::integer[], $6::bytea[], $7::bytea[], $8::bytea[], $9::text[], $10::integer[]) AS v
       ON CONFLICT (user_id, collection, id) DO UPDATE SET
         version = i.version + 1, position = excluded.position, deleted = false, epoch = excluded.epoch, blob = excluded.blob,
         checksum = excluded.checksum, sketch = excluded.sketch, alg = excluded.alg, dim = excluded.dim, updated_at = now(),
         created_at = CASE WHEN i.deleted THEN now() ELSE i.created_at END`,
      [
        ...[userId, collection, position],
        ...[items.map(({ id }) => id), items.map(({ epoch }) => epoch)],
        ...[items.map(({ blob }) => blob), items.map(({ checksum }) => checksum)],
        ...[items.map(({ sketch }) => sketch?.data ?? null), items.map(({ sketch }) => sketch?.alg ?? null)],
        items.map(({ sketch }) => sketch?.dim ?? null),
      ],
    );
  }

  /** Turns live items into tombstones; `ids` null means all of the collection. Gives the number of them. */
  async delete(
    tx: Tx,
    userId: string,
    collection: string,
    position: number,
    ids: readonly string[] | null,
  ): Promise<number> {
    const rows = await tx.query<[{ count: string }]>(
      `WITH gone AS (
         UPDATE vector_items SET deleted = true, version = version + 1, position = $3, blob = NULL, checksum = NULL, sketch = NULL, updated_at = now()
         WHERE user_id = $1 AND collection = $2 AND NOT deleted AND ($4::text[] IS NULL OR id = ANY($4)) RETURNING 1)
       SELECT count(*) FROM gone`,
      [userId, collection, position, ids],
    );
    return Number(rows[0].count);
  }

  /** Bytes of sketches that no live epoch has; `epochs` empty means every sketch. */
  async staleSketchBytes(tx: Tx, userId: string, collection: string, epochs: readonly number[]): Promise<number> {
    const [row] = await tx.query<{ bytes: string }[]>(
      `SELECT coalesce(sum(octet_length(sketch)), 0) AS bytes FROM vector_items
       WHERE user_id = $1 AND collection = $2 AND sketch IS NOT NULL AND epoch <> ALL($3)`,
      [userId, collection, epochs],
    );
    return Number(row?.bytes ?? 0);
  }

  async dropStaleSketches(
    tx: Tx,
    userId: string,
    collection: string,
    position: number,
    epochs: readonly number[],
  ): Promise<void> {
    await tx.query(
      `UPDATE vector_items SET sketch = NULL, position = $4
       WHERE user_id = $1 AND collection = $2 AND sketch IS NOT NULL AND epoch <> ALL($3)`,
      [userId, collection, epochs, position],
    );
  }

  /** Live items of these ids and epoch that have a sketch, in no order. */
  async found(userId: string, collection: string, epoch: number, ids: readonly string[]): Promise<FoundItem[]> {
    return this.database.query<FoundItem>(
      `SELECT id, blob, epoch FROM vector_items
       WHERE user_id = $1 AND collection = $2 AND id = ANY($4) AND epoch = $3 AND NOT deleted AND sketch IS NOT NULL`,
      [userId, collection, epoch, ids],
    );
  }

  /** Live items whose blob has this checksum, oldest first. */
  async identical(userId: string, collection: string, checksum: Buffer, limit: number): Promise<FoundItem[]> {
    return this.database.query<FoundItem>(
      `SELECT id, blob, epoch FROM vector_items
       WHERE user_id = $1 AND collection = $2 AND checksum = $3 AND NOT deleted ORDER BY position, id LIMIT $4`,
      [userId, collection, checksum, limit],
    );
  }

  /** Changes after a place, in order, as an index needs them. */
  async sketchesAfter(userId: string, collection: string, after: FeedPlace, limit: number): Promise<SketchRow[]> {
    const rows = await this.database.query<Omit<SketchRow, 'position'> & { position: string }>(
      `SELECT id, position, epoch, sketch, alg, dim FROM vector_items
       WHERE user_id = $1 AND collection = $2 AND (position, id) > ($3, $4) ORDER BY position, id LIMIT $5`,
      [userId, collection, after.position, after.id, limit],
    );
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM vector_items WHERE user_id = $1', [userId]);
  }

  private async sum(tx: Tx, where: string, parameters: unknown[]): Promise<Delta> {
    const [row] = await tx.query<{ bytes: string; count: string }[]>(
      `SELECT coalesce(sum(${SIZE}), 0) AS bytes, count(*) AS count FROM vector_items WHERE ${where}`,
      parameters,
    );
    return { bytes: Number(row?.bytes ?? 0), count: Number(row?.count ?? 0) };
  }
}
