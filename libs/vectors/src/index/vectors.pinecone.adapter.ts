import { Pinecone, type Index, type PineconeRecord } from '@pinecone-database/pinecone';
import { Problem } from '@adiuva/kernel';
import { requestContext } from '@adiuva/platform';
import { toVectorStoreProblem } from './vector-store-error';
import { lengthOf } from '../scan/int8-quantization';
import {
  VectorStore,
  type IndexedCollection,
  type IndexedVector,
  type Match,
  type NearestQuery,
} from './vector-store.port';

export interface PineconeOptions {
  readonly apiKey: string;
  readonly index: string;
  readonly controllerHost: string | undefined;
}

interface Target {
  readonly index: Index;
  readonly dim: number;
}

type Metadata = { collection: string; epoch: number; dim: number };

const TIMEOUT_MS = 10_000;
const UPSERT_BATCH = 100;
const DELETE_BATCH = 1_000;
const LIST_PAGE = 100;

/**
 * Searches in a Pinecone index with the cosine metric, one namespace for each user. Ids are `collection/id`. Sketches with fewer
 * dimensions than the index are filled up with zeros, which changes no cosine.
 */
export class PineconeVectorStore extends VectorStore {
  readonly readsRows = false;
  private readonly client: Pinecone;
  private target: Promise<Target> | undefined;

  constructor(private readonly options: PineconeOptions) {
    super();
    this.client = new Pinecone({
      apiKey: options.apiKey,
      maxRetries: 1,
      fetchApi: (input: Parameters<typeof fetch>[0], init?: Parameters<typeof fetch>[1]) =>
        fetch(input, { ...init, headers: withRequestId(init?.headers), signal: AbortSignal.timeout(TIMEOUT_MS) }),
      ...(options.controllerHost === undefined ? {} : { controllerHostUrl: options.controllerHost }),
    });
  }

  override upsert(at: IndexedCollection, vectors: readonly IndexedVector[]): Promise<void> {
    return this.call(async ({ index, dim }) => {
      const namespace = at.userId;
      const records = vectors.filter(({ numbers }) => lengthOf(numbers) > 0).map((vector) => record(at, vector, dim));
      for (const batch of inBatches(records, UPSERT_BATCH)) await index.upsert({ records: batch, namespace });
      // Pinecone takes no vector without a length, and none is nearer to it than another.
      const nothing = vectors.filter(({ numbers }) => lengthOf(numbers) === 0).map(({ id }) => key(at, id));
      if (nothing.length > 0) await deleteAll(index, namespace, nothing);
    });
  }

  override remove(at: IndexedCollection, ids: readonly string[]): Promise<void> {
    return this.call(({ index }) =>
      deleteAll(
        index,
        at.userId,
        ids.map((id) => key(at, id)),
      ),
    );
  }

  override nearest(at: IndexedCollection, { epoch, numbers, count }: NearestQuery): Promise<Match[]> {
    return this.call(async ({ index, dim }) => {
      if (lengthOf(numbers) === 0) return [];
      const { matches } = await index.query({
        vector: padded(numbers, dim),
        topK: count,
        namespace: at.userId,
        filter: { collection: { $eq: at.collection }, epoch: { $eq: epoch }, dim: { $eq: numbers.length } },
      });
      return matches.map(({ id, score }) => ({ id: id.slice(at.collection.length + 1), score: score ?? 0 }));
    });
  }

  override drop(at: IndexedCollection): Promise<void> {
    return this.call(async ({ index }) => {
      const ids: string[] = [];
      let paginationToken: string | undefined;
      do {
        const page = await index.listPaginated({
          prefix: key(at, ''),
          limit: LIST_PAGE,
          namespace: at.userId,
          ...(paginationToken === undefined ? {} : { paginationToken }),
        });
        ids.push(...(page.vectors ?? []).flatMap(({ id }) => id ?? []));
        paginationToken = page.pagination?.next;
      } while (paginationToken !== undefined);
      await deleteAll(index, at.userId, ids);
    });
  }

  override erase(userId: string): Promise<void> {
    return this.call(async ({ index }) => {
      try {
        await index.deleteAll({ namespace: userId });
      } catch (error) {
        // A user who never stored a sketch has no namespace.
        if (!(error instanceof Error && error.name === 'PineconeNotFoundError')) throw error;
      }
    });
  }

  override isUp(): Promise<boolean> {
    return this.call(({ index }) => index.describeIndexStats()).then(
      () => true,
      () => false,
    );
  }

  private async call<T>(work: (target: Target) => Promise<T>): Promise<T> {
    try {
      this.target ??= this.find();
      return await work(await this.target);
    } catch (error) {
      throw toVectorStoreProblem(error);
    }
  }

  private async find(): Promise<Target> {
    try {
      const { host, dimension, metric } = await this.client.describeIndex(this.options.index);
      if (metric !== 'cosine' || dimension === undefined) {
        throw new Problem('not_configured', { detail: 'PINECONE_INDEX must be a dense index with the cosine metric' });
      }
      return { index: this.client.index({ host }), dim: dimension };
    } catch (error) {
      this.target = undefined;
      throw error;
    }
  }
}

function withRequestId(init: ConstructorParameters<typeof Headers>[0]): Headers {
  const headers = new Headers(init);
  const requestId = requestContext.getStore()?.requestId;
  if (requestId !== undefined) headers.set('x-request-id', requestId);
  return headers;
}

async function deleteAll(index: Index, namespace: string, ids: readonly string[]): Promise<void> {
  try {
    for (const batch of inBatches(ids, DELETE_BATCH)) await index.deleteMany({ ids: batch, namespace });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'PineconeNotFoundError')) throw error;
  }
}

function record(at: IndexedCollection, { id, epoch, numbers }: IndexedVector, dim: number): PineconeRecord<Metadata> {
  const metadata = { collection: at.collection, epoch, dim: numbers.length };
  return { id: key(at, id), values: padded(numbers, dim), metadata };
}

function padded(numbers: Float32Array, dim: number): number[] {
  if (numbers.length > dim) {
    throw new Problem('unprocessable', { detail: `This server's index takes sketches of at most ${dim} dimensions` });
  }
  return Array.from({ length: dim }, (_, i) => numbers[i] ?? 0);
}

function key(at: IndexedCollection, id: string): string {
  return `${at.collection}/${id}`;
}

function inBatches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
