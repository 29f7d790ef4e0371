import { FEED_START, type FeedPlace, type ItemStore, type SketchRow } from '../item.store';
import { ExactScan } from '../scan/exact-scan';
import { ScanArena } from '../scan/scan-arena';
import { sketchWords } from '../sketch';
import { VectorStore, type IndexedCollection, type Match, type NearestQuery } from './vector-store.port';

const PAGE = 2_000;
const BYTES_PER_MB = 1_000_000;
/** What an empty collection costs. */
const ENTRY_BYTES = 1_000;

/**
 * Scans one user's collection exactly, in this process. What it scans is read from the rows: before every search it reads the changes
 * that it has not seen, so that any number of processes agree. The collections unused for longest are forgotten when memory runs short.
 */
export class EmbeddedVectorStore extends VectorStore {
  readonly readsRows = true;
  private readonly arena = new ScanArena();
  /** In the order of their last use. */
  private readonly spaces = new Map<string, Space>();

  constructor(
    private readonly items: ItemStore,
    private readonly cacheMegabytes: number,
  ) {
    super();
  }

  override upsert(): Promise<void> {
    return Promise.resolve();
  }

  override remove(): Promise<void> {
    return Promise.resolve();
  }

  override async nearest(at: IndexedCollection, query: NearestQuery): Promise<Match[]> {
    const space = this.space(`${at.userId}/${at.collection}`);
    space.users += 1;
    try {
      await space.catchUp((after) => this.items.sketchesAfter(at.userId, at.collection, after, PAGE));
      return space.nearest(query);
    } finally {
      space.users -= 1;
      this.forgetOldest();
    }
  }

  override drop(): Promise<void> {
    return Promise.resolve();
  }

  override erase(userId: string): Promise<void> {
    for (const [key, space] of this.spaces)
      if (key.startsWith(`${userId}/`) && space.users === 0) this.forget(key, space);
    return Promise.resolve();
  }

  override isUp(): Promise<boolean> {
    return Promise.resolve(true);
  }

  private space(key: string): Space {
    const space = this.spaces.get(key) ?? new Space(this.arena);
    this.spaces.delete(key);
    this.spaces.set(key, space);
    return space;
  }

  private forgetOldest(): void {
    let bytes = 0;
    for (const space of this.spaces.values()) bytes += space.bytes;
    for (const [key, space] of this.spaces) {
      if (bytes <= this.cacheMegabytes * BYTES_PER_MB) return;
      if (space.users > 0) continue;
      bytes -= space.bytes;
      this.forget(key, space);
    }
  }

  private forget(key: string, space: Space): void {
    this.spaces.delete(key);
    space.clear();
  }
}

/** The scans of one collection, one for each epoch and dimension that its items have. */
class Space {
  private readonly scans = new Map<string, ExactScan>();
  private readonly scanOf = new Map<string, ExactScan>();
  private after: FeedPlace = FEED_START;
  private reading: Promise<void> = Promise.resolve();
  /** Searches in progress; a space in use is never forgotten. */
  users = 0;

  constructor(private readonly arena: ScanArena) {}

  get bytes(): number {
    return [...this.scans.values()].reduce((sum, scan) => sum + scan.bytes, ENTRY_BYTES);
  }

  /** Concurrent searches read one after the other, and the later ones find nothing left to read. */
  catchUp(read: (after: FeedPlace) => Promise<SketchRow[]>): Promise<void> {
    const reading = this.reading.catch(() => undefined).then(() => this.readAll(read));
    this.reading = reading;
    return reading;
  }

  nearest({ epoch, numbers, count }: NearestQuery): Match[] {
    return this.scans.get(`${epoch}/${numbers.length}`)?.nearest(numbers, count) ?? [];
  }

  clear(): void {
    this.scans.forEach((scan) => scan.clear());
    this.scans.clear();
    this.scanOf.clear();
  }

  private async readAll(read: (after: FeedPlace) => Promise<SketchRow[]>): Promise<void> {
    for (;;) {
      const rows = await read(this.after);
      rows.forEach((row) => this.put(row));
      const last = rows.at(-1);
      if (last) this.after = { position: last.position, id: last.id };
      if (rows.length < PAGE) return;
    }
  }

  private put({ id, epoch, sketch, alg, dim }: SketchRow): void {
    const before = this.scanOf.get(id);
    const now = sketch && alg && dim !== null ? this.scan(epoch, dim) : undefined;
    if (before !== now) before?.delete(id);
    if (now && sketch && alg && dim !== null) {
      now.set(id, sketchWords(alg, dim, sketch));
      this.scanOf.set(id, now);
    } else this.scanOf.delete(id);
  }

  private scan(epoch: number, dim: number): ExactScan {
    const key = `${epoch}/${dim}`;
    const known = this.scans.get(key);
    if (known) return known;
    const made = new ExactScan(this.arena, dim);
    this.scans.set(key, made);
    return made;
  }
}
