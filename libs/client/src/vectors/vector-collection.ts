import { encodeSketch } from '../ave1/sketch';
import type { VectorContent } from '../ave1/vector-blob';
import { checksum, fromBase64, toBase64 } from '../crypto/bytes';
import type { Vault } from '../crypto/vault';
import type { VectorItemDto } from '../generated/types.gen';
import { BitIndex, signBits } from '../search/bit-index';
import { overFetch, rerank } from '../search/rerank';
import { CollectionKeys } from './collection-keys';
import type { CollectionPlan, WrappedKey } from './vector-keys';
import type { SealedVector, VectorCache } from './vector-store';
import type { VectorsApi } from './vectors-api';

/** A vector with what the app wants to find beside it; all of it is sealed. */
export interface PlainVector {
  readonly id: string;
  readonly vector: ArrayLike<number>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface FoundVector {
  readonly id: string;
  /** The exact cosine, computed here. */
  readonly score: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

const UPSERT_BATCH = 500;
const PAGE = 1_000;

/**
 * A collection of sealed vectors. In `local` mode the client keeps one bit a coordinate of every vector and searches by itself after
 * `sync`. In `sketch` mode the server searches blurred sketches, and the client compares what comes back exactly.
 */
export class VectorCollection {
  private readonly index: BitIndex;
  private filled: Promise<void> | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: VectorsApi,
    private readonly keys: CollectionKeys,
    private readonly cache: VectorCache,
  ) {
    this.index = new BitIndex(keys.current.plan.dim);
  }

  get plan(): CollectionPlan {
    return this.keys.current.plan;
  }

  /**
   * Seals, and in `sketch` mode sketches, and stores. Vectors need not have length 1. What is stored here is found here immediately.
   * Throws `RangeError` for a vector of another dimension or with a number that is not finite, before anything is stored.
   */
  async upsert(vectors: readonly PlainVector[], signal?: AbortSignal): Promise<void> {
    for (const { vector } of vectors) this.assertVector(vector);
    await this.inTurn(async () => {
      await this.fill();
      for (let at = 0; at < vectors.length; at += UPSERT_BATCH) {
        const items = await Promise.all(vectors.slice(at, at + UPSERT_BATCH).map((vector) => this.sealed(vector)));
        await this.api.upsert(items, signal);
        if (this.plan.mode === 'local') await this.take(items.map(sealedOf));
      }
    }, signal);
  }

  delete(ids: readonly string[]): Promise<void> {
    return this.inTurn(async () => {
      // Else a cache that is being read would bring them back.
      await this.fill();
      await this.api.delete(this.plan.name, ids);
      if (this.plan.mode === 'local') await this.forget(ids);
    });
  }

  /** The `topK` nearest by exact cosine, best first. In `local` mode, among what this device stored and the last `sync` brought. */
  async search(query: ArrayLike<number>, topK = 10, signal?: AbortSignal): Promise<FoundVector[]> {
    this.assertVector(query);
    const sealed =
      this.plan.mode === 'local' ? await this.nearHere(query, topK) : await this.nearThere(query, topK, signal);
    const opened = await Promise.all(
      sealed.map(async ({ id, epoch, blob }) => ({ id, ...(await this.keys.open(id, epoch, blob)) })),
    );
    return rerank(query, opened, topK).map(({ id, score, metadata }) => ({ id, score, metadata }));
  }

  /** Brings in what other devices stored and deleted; gives how many items changed. */
  sync(signal?: AbortSignal): Promise<number> {
    return this.inTurn(() => this.pull(signal), signal);
  }

  private async pull(signal?: AbortSignal): Promise<number> {
    await this.fill();
    let changed = 0;
    for (let more = true; more;) {
      const cursor = await this.cache.cursor();
      const page = await this.api.changes(
        { collection: this.plan.name, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
        signal,
      );
      await this.take(
        page.changes.flatMap(({ id, epoch, blob }) => (blob === null ? [] : [{ id, epoch, blob: fromBase64(blob) }])),
      );
      await this.forget(page.changes.flatMap(({ id, deleted }) => (deleted ? [id] : [])));
      await this.cache.saveCursor(page.cursor);
      changed += page.changes.length;
      more = page.has_more;
    }
    return changed;
  }

  private async nearHere(query: ArrayLike<number>, topK: number): Promise<readonly SealedVector[]> {
    await this.fill();
    const unit = Float64Array.from(query);
    return this.cache.get(this.index.nearest(unit, overFetch(topK)).map(({ id }) => id));
  }

  private async nearThere(
    query: ArrayLike<number>,
    topK: number,
    signal?: AbortSignal,
  ): Promise<readonly SealedVector[]> {
    const { plan, sketcher } = this.keys.current;
    const data = encodeSketch(plan.alg, sketcher.sketch('query', '', query).sketch);
    const asked = {
      collection: plan.name,
      sketches: [{ epoch: plan.epoch, data }, ...this.olderSketches(query)],
      top_k: overFetch(topK),
    };
    const { results } = await this.api.search(asked, signal);
    return results.map(({ id, epoch, blob }) => ({ id, epoch, blob: fromBase64(blob) }));
  }

  /** While keys change, the epoch before is searched too, where its vectors are of the same model. */
  private olderSketches(query: ArrayLike<number>): { epoch: number; data: string }[] {
    const { plan } = this.keys.current;
    const older = this.keys.of(plan.epoch - 1);
    if (older?.plan.mode !== 'sketch' || older.plan.model !== plan.model || older.plan.dim !== plan.dim) return [];
    const { sketch } = older.sketcher.sketch('query', '', query);
    return [{ epoch: older.plan.epoch, data: encodeSketch(older.plan.alg, sketch) }];
  }

  private async sealed({ id, vector, metadata = {} }: PlainVector): Promise<VectorItemDto> {
    const { plan, sketcher } = this.keys.current;
    const blob = await this.keys.seal(id, { vector: Float32Array.from(vector), metadata });
    const item = { id, blob: toBase64(blob), checksum: await checksum(blob), epoch: plan.epoch, collection: plan.name };
    if (plan.mode === 'local') return item;
    const { epoch, model, dim, alg, beta } = plan;
    const data = encodeSketch(alg, sketcher.sketch('doc', id, vector).sketch);
    return { ...item, sketch: { v: 1, alg, epoch, model, dim, beta, data } };
  }

  private assertVector(vector: ArrayLike<number>): void {
    const { dim } = this.plan;
    if (vector.length !== dim)
      throw new RangeError(`a vector of this collection has ${dim} numbers, not ${vector.length}`);
    for (let i = 0; i < dim; i += 1)
      if (!Number.isFinite(vector[i])) throw new RangeError(`number ${i} of the vector is not finite`);
  }

  /**
   * One change after the other: a page of `sync` that was read before a change here would replace it. An abort rejects immediately, also
   * while others have their turn.
   */
  private inTurn<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const done = this.last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.last = done.catch(() => undefined);
    return signal ? unlessAborted(done, signal) : done;
  }

  /** Once; a cache that fails is read again. */
  private fill(): Promise<void> {
    this.filled ??= this.readCache().catch((error: unknown) => {
      this.filled = undefined;
      throw error;
    });
    return this.filled;
  }

  private async readCache(): Promise<void> {
    for await (const sealed of this.cache.all()) await this.enter(sealed);
  }

  private async take(vectors: readonly SealedVector[]): Promise<void> {
    // Nothing is kept that does not open, else a server's false bytes would stop every later start.
    await Promise.all(vectors.map((sealed) => this.enter(sealed)));
    await this.cache.put(vectors);
  }

  private async forget(ids: readonly string[]): Promise<void> {
    ids.forEach((id) => this.index.delete(id));
    await this.cache.remove(ids);
  }

  private async enter({ id, epoch, blob }: SealedVector): Promise<void> {
    const { vector }: VectorContent = await this.keys.open(id, epoch, blob);
    if (vector.length === this.index.dim) this.index.set(id, signBits(vector));
  }
}

function unlessAborted<T>(done: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort);
    void done.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function sealedOf({ id, epoch, blob }: VectorItemDto): SealedVector {
  return { id, epoch: epoch ?? 1, blob: fromBase64(blob) };
}

/** Opens a collection with the keys that its server keeps wrapped. Throws `DecryptError` when its settings were tampered with. */
export async function openWith(
  api: VectorsApi,
  vault: Vault,
  wrapped: readonly WrappedKey[],
  cache: VectorCache,
): Promise<VectorCollection> {
  return new VectorCollection(api, await CollectionKeys.unlock(vault, wrapped), cache);
}
