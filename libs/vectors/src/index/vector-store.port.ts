/** One user's collection in an index. Nothing of another user's may ever be reached through it. */
export interface IndexedCollection {
  readonly userId: string;
  readonly collection: string;
}

/** What an index compares. An item has one vector; storing it again, also under another epoch or with other dimensions, replaces it. */
export interface IndexedVector {
  readonly id: string;
  readonly epoch: number;
  readonly numbers: Float32Array;
}

/** `score` is the cosine, 1 for the same direction. */
export interface Match {
  readonly id: string;
  readonly score: number;
}

export interface NearestQuery {
  readonly epoch: number;
  readonly numbers: Float32Array;
  /** 1 to 200. */
  readonly count: number;
}

/**
 * An index of sketches by nearness. The rows in PostgreSQL are the truth; an index can be made again from them at any time. Writing
 * the same twice is writing it once. Failures are `unavailable`, `upstream_failed` or `upstream_timeout`. Every adapter passes
 * test/ports/vector-store.port.ts.
 */
export abstract class VectorStore {
  /** True where the adapter searches the rows themselves, so that nothing has to be kept in step with them. */
  abstract readonly readsRows: boolean;
  abstract upsert(at: IndexedCollection, vectors: readonly IndexedVector[], signal?: AbortSignal): Promise<void>;
  /** Ids that are not there are passed over. */
  abstract remove(at: IndexedCollection, ids: readonly string[], signal?: AbortSignal): Promise<void>;
  /** The nearest of one epoch, best first; never more than there are. */
  abstract nearest(at: IndexedCollection, query: NearestQuery, signal?: AbortSignal): Promise<Match[]>;
  abstract drop(at: IndexedCollection, signal?: AbortSignal): Promise<void>;
  abstract erase(userId: string, signal?: AbortSignal): Promise<void>;
  /** Whether the index answers. */
  abstract isUp(signal?: AbortSignal): Promise<boolean>;

  protected made: (dim: number) => Promise<void> = () => Promise.resolve();

  /** `listener` learns of each number of dimensions for which this process had to make the index, at first or after its loss. */
  onMade(listener: (dim: number) => Promise<void>): void {
    this.made = listener;
  }
}
