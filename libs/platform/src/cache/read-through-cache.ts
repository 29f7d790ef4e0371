import { LRUCache } from 'lru-cache';
import { entryLimit } from './entry-limit';

export interface ReadThroughOptions<V> {
  readonly maxEntries: number;
  /** How old a value may be, in ms. */
  readonly ttlMs: number;
  /** What it throws reaches the caller and is not kept. */
  readonly read: (key: string) => Promise<V>;
  /** The clock, in ms; that of the process where it is absent. */
  readonly now?: () => number;
}

/**
 * Keeps for a short time what the database has. Callers that ask while a value is read share the read. An entry that is used near its end
 * is read again in the background, so that a user who is active does not wait. A read that `delete` overtakes is not kept, and
 * callers after the `delete` do not share it.
 */
export class ReadThroughCache<V extends object> {
  private readonly values: LRUCache<string, V>;
  private readonly reads = new Map<string, Promise<V>>();

  constructor(private readonly options: ReadThroughOptions<V>) {
    this.values = new LRUCache({
      ...entryLimit(options.maxEntries),
      ttl: options.ttlMs,
      ttlResolution: 0,
      perf: { now: options.now ?? (() => performance.now()) },
    });
  }

  async get(key: string): Promise<V> {
    const known = this.values.get(key);
    if (!known) return this.reads.get(key) ?? this.read(key);
    if (this.values.getRemainingTTL(key) < this.options.ttlMs / 3 && !this.reads.has(key)) {
      // The caller has an answer; the next one that waits sees the failure.
      this.read(key).catch(() => undefined);
    }
    return known;
  }

  /** To call when the value has changed. */
  delete(key: string): void {
    this.values.delete(key);
    this.reads.delete(key);
  }

  clear(): void {
    this.values.clear();
    this.reads.clear();
  }

  private async read(key: string): Promise<V> {
    const reading = this.options.read(key);
    this.reads.set(key, reading);
    try {
      const value = await reading;
      if (this.reads.get(key) === reading) this.values.set(key, value);
      return value;
    } finally {
      if (this.reads.get(key) === reading) this.reads.delete(key);
    }
  }
}
