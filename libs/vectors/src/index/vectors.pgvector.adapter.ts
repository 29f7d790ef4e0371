import { Problem } from '@adiuva/kernel';
import type { Database } from '@adiuva/platform';
import {
  VectorStore,
  type IndexedCollection,
  type IndexedVector,
  type Match,
  type NearestQuery,
} from './vector-store.port';

interface Row {
  readonly id: string;
  readonly distance: number;
}

/** Most dimensions of pgvector's `vector` type. */
const MAX_DIM = 16_000;
const MISSING_EXTENSION = new Set(['0A000', '42704', '58P01', '42501']);

/**
 * Searches with the extension `vector` of the same PostgreSQL, in a table of its own: exact, over one user's collection. Extension and
 * table are made at the first use, because a database without the extension must still be able to run everything else.
 */
export class PgvectorStore extends VectorStore {
  readonly readsRows = false;
  private prepared: Promise<void> | undefined;

  constructor(private readonly database: Database) {
    super();
  }

  override async upsert(at: IndexedCollection, vectors: readonly IndexedVector[]): Promise<void> {
    await this.prepare();
    await this.database.query(
      `INSERT INTO vector_index (user_id, collection, id, epoch, dim, embedding)
       SELECT $1, $2, v.id, v.epoch, v.dim, v.embedding::vector FROM unnest($3::text[], $4::integer[], $5::integer[], $6::text[]) AS v (id, epoch, dim, embedding)
       ON CONFLICT (user_id, collection, id) DO UPDATE SET epoch = excluded.epoch, dim = excluded.dim, embedding = excluded.embedding`,
      [
        ...[at.userId, at.collection, vectors.map(({ id }) => id), vectors.map(({ epoch }) => epoch)],
        ...[vectors.map(({ numbers }) => numbers.length), vectors.map(({ numbers }) => literal(numbers))],
      ],
    );
  }

  override async remove(at: IndexedCollection, ids: readonly string[]): Promise<void> {
    await this.prepare();
    await this.database.query('DELETE FROM vector_index WHERE user_id = $1 AND collection = $2 AND id = ANY($3)', [
      at.userId,
      at.collection,
      ids,
    ]);
  }

  override async nearest(at: IndexedCollection, { epoch, numbers, count }: NearestQuery): Promise<Match[]> {
    if (numbers.length > MAX_DIM) throw new Problem('unprocessable');
    await this.prepare();
    const rows = await this.database.query<Row>(
      // A vector of no length has no cosine; pgvector gives NaN, which sorts last here as it does in the other indexes.
      `SELECT id, embedding <=> $5::vector AS distance FROM vector_index
       WHERE user_id = $1 AND collection = $2 AND epoch = $3 AND dim = $4 ORDER BY distance, id LIMIT $6`,
      [at.userId, at.collection, epoch, numbers.length, literal(numbers), count],
    );
    return rows.map(({ id, distance }) => ({ id, score: Number.isFinite(distance) ? 1 - distance : 0 }));
  }

  override async drop(at: IndexedCollection): Promise<void> {
    await this.prepare();
    await this.database.query('DELETE FROM vector_index WHERE user_id = $1 AND collection = $2', [
      at.userId,
      at.collection,
    ]);
  }

  override async erase(userId: string): Promise<void> {
    await this.prepare();
    await this.database.query('DELETE FROM vector_index WHERE user_id = $1', [userId]);
  }

  override isUp(): Promise<boolean> {
    return this.prepare().then(
      () => this.database.isUp(),
      () => false,
    );
  }

  private prepare(): Promise<void> {
    this.prepared ??= this.make().catch((error: unknown) => {
      this.prepared = undefined;
      throw error;
    });
    return this.prepared;
  }

  private async make(): Promise<void> {
    try {
      await this.database.query('CREATE EXTENSION IF NOT EXISTS vector');
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (!MISSING_EXTENSION.has(code)) throw cause;
      throw new Problem('not_configured', {
        detail: 'VECTOR_STORE=pgvector needs the extension `vector` in the database',
        cause,
      });
    }
    await this.database.query(
      `CREATE TABLE IF NOT EXISTS vector_index (
         user_id uuid NOT NULL, collection text NOT NULL, id text COLLATE "C" NOT NULL, epoch integer NOT NULL, dim integer NOT NULL,
         embedding vector NOT NULL, CONSTRAINT vector_index_pk PRIMARY KEY (user_id, collection, id))`,
    );
  }
}

function literal(numbers: Float32Array): string {
  return `[${numbers.join(',')}]`;
}
