import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, jobKind, Jobs, Log, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { ItemStore, type FeedPlace, type SketchRow } from './item.store';
import { decodeWords } from './scan/float16';
import { sketchWords } from './sketch';
import { VectorStore, type IndexedVector } from './index/vector-store.port';

/** Brings an index outside the database up to a collection's rows. */
export const SYNC_VECTOR_INDEX = jobKind('follow_vectors', z.object({ userId: z.uuid(), collection: z.string() }));

/** Fills the index of a collection that was lost. */
export const REBUILD_VECTOR_INDEX = jobKind('rebuild_vectors', z.object({ userId: z.uuid(), collection: z.string() }));

const PAGE = 500;
const LEASE_SECONDS = 120;
const LEASE_POLL_MS = 500;
/** The writer brings the index up to date itself; the job is for when its process dies or the index is away. */
const JOB_DELAY_MS = 15_000;

/** What a search in an epoch of a collection has found. */
export interface FoundVectors {
  readonly collection: string;
  readonly epoch: number;
  /** How many vectors the index has found. */
  readonly found: number;
  /** What it had been given before it was asked. */
  readonly position: number;
}

/**
 * Keeps an index that is not the database in step with the rows. The rows' positions say what it has not seen; a lease lets one process
 * at a time write a collection, so that an older state never overwrites a newer one.
 */
@Injectable()
export class Indexer {
  constructor(
    private readonly database: Database,
    private readonly items: ItemStore,
    private readonly index: VectorStore,
    private readonly jobs: Jobs,
    private readonly log: Log,
  ) {
    index.onMade((dim) => this.rebuildAll(dim));
  }

  /** Part of every transaction that changes sketches. */
  async changed(tx: Tx, userId: string, collection: string): Promise<void> {
    if (this.index.readsRows) return;
    const options = { key: `vectors:${userId}:${collection}`, runAt: new Date(Date.now() + JOB_DELAY_MS) };
    await this.jobs.add(tx, SYNC_VECTOR_INDEX, { userId, collection }, options);
  }

  /** After the commit: a failure is left to the job. */
  async sync(userId: string, collection: string, signal?: AbortSignal): Promise<void> {
    if (this.index.readsRows) return;
    try {
      await this.catchUp(userId, collection, signal);
    } catch (error) {
      this.log.warn('vector_index_behind', { error });
    }
  }

  /** Brings the index up to the rows as they are now, where there are any; false when another process is at it. */
  async catchUp(userId: string, collection: string, signal?: AbortSignal): Promise<boolean> {
    const position = await this.lease(userId, collection);
    if (position === 'taken') return false;
    if (position === 'gone') return true;
    let done = position;
    try {
      done = await this.copy(userId, collection, position, signal);
    } finally {
      await this.release(userId, collection, done);
    }
    return true;
  }

  /** Up to which position of its rows the index has been given a collection. */
  async position(userId: string, collection: string): Promise<number> {
    if (this.index.readsRows) return 0;
    const [row] = await this.database.query<{ indexed_position: string }>(
      'SELECT indexed_position FROM vector_collections WHERE user_id = $1 AND name = $2',
      [userId, collection],
    );
    return Number(row?.indexed_position ?? 0);
  }

  /**
   * For a search that found less than it asked for: more rows that the index has been given show that it has lost some, and it is rebuilt by a
   * job. @throws `unavailable`
   */
  async assertIndexed(userId: string, { collection, epoch, found, position }: FoundVectors): Promise<void> {
    if (this.index.readsRows) return;
    const [lost] = await this.database.query(
      `SELECT FROM vector_items WHERE user_id = $1 AND collection = $2 AND epoch = $3 AND NOT deleted AND sketch IS NOT NULL
         AND position <= $5 OFFSET $4 LIMIT 1`,
      [userId, collection, epoch, found, position],
    );
    if (!lost) return;
    this.log.error('vector_index_lost', { user_id: userId });
    await this.database.transaction((tx) => this.rebuildLater(tx, userId, collection));
    throw new Problem('unavailable', { retryAfter: 5, detail: 'The index of this collection is being rebuilt' });
  }

  /** The index has made room for vectors of `dim` numbers; what it had been given of them before is lost, whatever is written to it now. */
  private async rebuildAll(dim: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const lost = await tx.query<{ user_id: string; name: string }[]>(
        `SELECT user_id, name FROM vector_collections
         WHERE indexed_position > 0 AND ((form ->> 'dim')::integer = $1 OR (previous_form ->> 'dim')::integer = $1)`,
        [dim],
      );
      for (const { user_id, name } of lost) await this.rebuildLater(tx, user_id, name);
      if (lost.length > 0) this.log.error('vector_index_lost', { count: lost.length });
    });
  }

  private rebuildLater(tx: Tx, userId: string, collection: string): Promise<unknown> {
    return this.jobs.add(
      tx,
      REBUILD_VECTOR_INDEX,
      { userId, collection },
      { key: `rebuild_vectors:${userId}:${collection}` },
    );
  }

  /** Empties a collection's index and fills it again; waits for the process that writes it now. Nothing is left to do for an erased user. */
  async rebuild(userId: string, collection: string, signal?: AbortSignal): Promise<void> {
    let position = await this.lease(userId, collection);
    for (; position === 'taken'; position = await this.lease(userId, collection))
      await setTimeout(LEASE_POLL_MS, undefined, { signal });
    if (position === 'gone') return;
    let done = 0;
    try {
      await this.index.drop({ userId, collection }, signal);
      done = await this.copy(userId, collection, 0, signal);
    } finally {
      await this.release(userId, collection, done);
    }
  }

  /** Writes all rows after a position into the index; gives the position that it then stands at. */
  private async copy(userId: string, collection: string, position: number, signal?: AbortSignal): Promise<number> {
    let after: FeedPlace = { position: position + 1, id: '' };
    let reached = position;
    for (;;) {
      const rows = await this.items.sketchesAfter(userId, collection, after, PAGE);
      const last = rows.at(-1);
      if (!last) return reached;
      await write(this.index, userId, collection, rows, signal);
      after = last;
      reached = last.position;
    }
  }

  /** The position that the index has. `taken` while another process writes it, `gone` where the user was erased with the collection. */
  private async lease(userId: string, collection: string): Promise<number | 'taken' | 'gone'> {
    const [row] = await this.database.query<{ indexed_position: string | null }>(
      `WITH leased AS (
         UPDATE vector_collections SET index_lease_until = now() + make_interval(secs => $3)
         WHERE user_id = $1 AND name = $2 AND (index_lease_until IS NULL OR index_lease_until < now()) RETURNING indexed_position)
       SELECT (SELECT indexed_position FROM leased) FROM vector_collections WHERE user_id = $1 AND name = $2`,
      [userId, collection, LEASE_SECONDS],
    );
    if (!row) return 'gone';
    return row.indexed_position === null ? 'taken' : Number(row.indexed_position);
  }

  private async release(userId: string, collection: string, position: number): Promise<void> {
    const rows = await this.database.query(
      `WITH released AS (
         UPDATE vector_collections SET index_lease_until = NULL, indexed_position = GREATEST(indexed_position, $3)
         WHERE user_id = $1 AND name = $2 RETURNING 1)
       SELECT 1 FROM released`,
      [userId, collection, position],
    );
    // The user was erased meanwhile, and what has just been written to the index with them.
    if (rows.length === 0) await this.index.drop({ userId, collection });
  }
}

async function write(
  index: VectorStore,
  userId: string,
  collection: string,
  rows: readonly SketchRow[],
  signal?: AbortSignal,
): Promise<void> {
  const present = rows.flatMap((row) => indexed(row) ?? []);
  const gone = rows.filter((row) => row.sketch === null).map(({ id }) => id);
  if (present.length > 0) await index.upsert({ userId, collection }, present, signal);
  if (gone.length > 0) await index.remove({ userId, collection }, gone, signal);
}

function indexed({ id, epoch, sketch, alg, dim }: SketchRow): IndexedVector | undefined {
  if (!sketch || !alg || dim === null) return undefined;
  return { id, epoch, numbers: decodeWords(sketchWords(alg, dim, sketch)) };
}
