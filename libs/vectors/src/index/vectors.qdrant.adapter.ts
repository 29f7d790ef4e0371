import { QdrantClient, withHeaders } from '@qdrant/js-client-rest';
import { derivedId } from '@adiuva/kernel';
import { requestContext } from '@adiuva/platform';
import { z } from 'zod';
import { qdrantAddress } from './qdrant-address';
import { toVectorStoreProblem } from './vector-store-error';
import {
  VectorStore,
  type IndexedCollection,
  type IndexedVector,
  type Match,
  type NearestQuery,
} from './vector-store.port';

export interface QdrantOptions {
  readonly url: string;
  readonly apiKey: string | undefined;
}

const TIMEOUT_MS = 10_000;
const UPSERT_BATCH = 200;
const PREFIX = 'adiuva_';
const Payload = z.object({ id: z.string() });

/**
 * Searches in Qdrant, one of its collections for each number of dimensions, shared by all users and always filtered by user, collection
 * and epoch. Points are named by a hash of user, collection and id. Search is exact, over the filtered points only.
 */
export class QdrantVectorStore extends VectorStore {
  readonly readsRows = false;
  private readonly client: QdrantClient;
  private readonly making = new Map<number, Promise<void>>();

  constructor(options: QdrantOptions) {
    super();
    const client = new QdrantClient({
      ...qdrantAddress(options.url),
      timeout: TIMEOUT_MS,
      checkCompatibility: false,
      ...(options.apiKey === undefined ? {} : { apiKey: options.apiKey }),
    });
    this.client = withRequestId(client);
  }

  override upsert(at: IndexedCollection, vectors: readonly IndexedVector[]): Promise<void> {
    return translated(async () => {
      for (const dim of new Set(vectors.map(({ numbers }) => numbers.length))) {
        const same = vectors.filter(({ numbers }) => numbers.length === dim);
        await this.make(dim);
        await this.deleteFrom(
          at,
          same.map(({ id }) => id),
          (name) => name !== `${PREFIX}${dim}`,
        );
        for (let start = 0; start < same.length; start += UPSERT_BATCH) {
          const points = same.slice(start, start + UPSERT_BATCH).map((vector) => point(at, vector));
          await this.retryLost(dim, (name) => this.client.upsert(name, { wait: true, points }));
        }
      }
    });
  }

  override remove(at: IndexedCollection, ids: readonly string[]): Promise<void> {
    return translated(() => this.deleteFrom(at, ids, () => true));
  }

  override nearest(at: IndexedCollection, { epoch, numbers, count }: NearestQuery): Promise<Match[]> {
    return translated(async () => {
      await this.make(numbers.length);
      const query = {
        query: Array.from(numbers),
        limit: count,
        filter: {
          must: [
            ...conditions({ user_id: at.userId, collection: at.collection }),
            { key: 'epoch', match: { value: epoch } },
          ],
        },
        params: { exact: true },
        with_payload: ['id'],
      };
      const { points } = await this.retryLost(numbers.length, (name) => this.client.query(name, query));
      return points.map(({ payload, score }) => ({ id: Payload.parse(payload).id, score }));
    });
  }

  override drop(at: IndexedCollection): Promise<void> {
    return translated(() => this.deleteWhere({ user_id: at.userId, collection: at.collection }));
  }

  override erase(userId: string): Promise<void> {
    return translated(() => this.deleteWhere({ user_id: userId }));
  }

  override isUp(): Promise<boolean> {
    return this.client.getCollections().then(
      () => true,
      () => false,
    );
  }

  /** Makes a collection again that was lost since this process made it; its points come back by a rebuild. */
  private async retryLost<T>(dim: number, work: (name: string) => Promise<T>): Promise<T> {
    try {
      return await work(`${PREFIX}${dim}`);
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.making.delete(dim);
      await this.make(dim);
      return work(`${PREFIX}${dim}`);
    }
  }

  /** The collection of a dimension, with a payload index that keeps each user's points together. */
  private make(dim: number): Promise<void> {
    const known = this.making.get(dim);
    if (known) return known;
    const making = this.makeNow(`${PREFIX}${dim}`, dim).catch((error: unknown) => {
      this.making.delete(dim);
      throw error;
    });
    this.making.set(dim, making);
    return making;
  }

  private async makeNow(name: string, dim: number): Promise<void> {
    if (!(await this.client.collectionExists(name)).exists) {
      // First, so that a failure between the two cannot hide the loss.
      await this.made(dim);
      try {
        await this.client.createCollection(name, {
          vectors: { size: dim, distance: 'Cosine' },
          hnsw_config: { m: 0, payload_m: 16 },
        });
      } catch (error) {
        // Another process may have made it meanwhile.
        if (!(await this.client.collectionExists(name)).exists) throw error;
      }
    }
    await this.client.createPayloadIndex(name, {
      field_name: 'user_id',
      field_schema: { type: 'keyword', is_tenant: true },
      wait: true,
    });
    await this.client.createPayloadIndex(name, { field_name: 'collection', field_schema: 'keyword', wait: true });
  }

  private async deleteFrom(
    at: IndexedCollection,
    ids: readonly string[],
    where: (name: string) => boolean,
  ): Promise<void> {
    const points = ids.map((id) => pointId(at, id));
    for (const name of (await this.names()).filter(where)) await this.client.delete(name, { wait: true, points });
  }

  private async deleteWhere(equal: Readonly<Record<string, string>>): Promise<void> {
    for (const name of await this.names())
      await this.client.delete(name, { wait: true, filter: { must: conditions(equal) } });
  }

  private async names(): Promise<string[]> {
    const { collections } = await this.client.getCollections();
    return collections.map(({ name }) => name).filter((name) => name.startsWith(PREFIX));
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 404;
}

/** The headers of a call are those of the moment in which it begins. */
function withRequestId(client: QdrantClient): QdrantClient {
  return new Proxy(client, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const requestId = requestContext.getStore()?.requestId;
        const headers = requestId === undefined ? {} : { 'x-request-id': requestId };
        return withHeaders(headers, (): unknown => Reflect.apply(member, target, args));
      };
    },
  });
}

function point(
  at: IndexedCollection,
  { id, epoch, numbers }: IndexedVector,
): { id: string; vector: number[]; payload: Record<string, unknown> } {
  const payload = { user_id: at.userId, collection: at.collection, id, epoch };
  return { id: pointId(at, id), vector: Array.from(numbers), payload };
}

/** Qdrant takes UUIDs or integers only. */
function pointId(at: IndexedCollection, id: string): string {
  return derivedId(`${at.userId}/${at.collection}/${id}`);
}

function conditions(equal: Readonly<Record<string, string>>): { key: string; match: { value: string } }[] {
  return Object.entries(equal).map(([key, value]) => ({ key, match: { value } }));
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toVectorStoreProblem(error);
  }
}
