/** A sealed vector as the device keeps it. */
export interface SealedVector {
  readonly id: string;
  readonly epoch: number;
  readonly blob: Uint8Array;
}

/** The app's own database for the sealed vectors of one collection. */
export interface VectorCache {
  cursor(): Promise<string | undefined>;
  saveCursor(cursor: string | undefined): Promise<void>;
  get(ids: readonly string[]): Promise<readonly SealedVector[]>;
  put(vectors: readonly SealedVector[]): Promise<void>;
  remove(ids: readonly string[]): Promise<void>;
  /** Everything that is kept, to fill the index after a start. */
  all(): AsyncIterable<SealedVector>;
}

/** For tests, and for apps that read everything again at each start. */
export class MemoryVectorCache implements VectorCache {
  private readonly vectors = new Map<string, SealedVector>();
  private place: string | undefined;

  cursor(): Promise<string | undefined> {
    return Promise.resolve(this.place);
  }

  saveCursor(cursor: string | undefined): Promise<void> {
    this.place = cursor;
    return Promise.resolve();
  }

  get(ids: readonly string[]): Promise<readonly SealedVector[]> {
    return Promise.resolve(ids.flatMap((id) => this.vectors.get(id) ?? []));
  }

  put(vectors: readonly SealedVector[]): Promise<void> {
    for (const vector of vectors) this.vectors.set(vector.id, vector);
    return Promise.resolve();
  }

  remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.vectors.delete(id);
    return Promise.resolve();
  }

  async *all(): AsyncIterable<SealedVector> {
    yield* this.vectors.values();
  }
}
