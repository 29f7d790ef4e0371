import { leavesOf, type Leaf } from './json-leaves';
import type { LeakHit, LeakDetector } from '../detect/leak-detector';
import { REMOVED } from './stream-scrubber';

/** Separates two strings, so that a leak may continue from one to the next. */
const BETWEEN = '\n';

/** A member's name this short stays when it is only what a leak seems to begin with: an answer without its members is no answer. */
const SHORT_KEY = 24;

export interface JsonScrubberOptions {
  /** Names of members are those of our own schemas: not read. */
  readonly skipKeys?: boolean;
  /** More values of the same output follow: what is open in the detector stays open. */
  readonly continues?: boolean;
  /** After a leak every later string is removed. */
  readonly removeRest?: boolean;
}

/** Reads all strings of a JSON value as one text, a slice at a time, and cuts leaks out of a copy. */
export class JsonScrubber<T> {
  readonly hits: LeakHit[] = [];
  private readonly leaves: readonly Leaf[];
  private readonly edits = new Map<number, string>();
  private leakDetector: LeakDetector;
  /** Where the detector's present text begins: it restarts after a leak. */
  private firstLeaf = 0;
  private firstOffset: number;
  private leaf = 0;
  private offset = 0;

  /** @param scan gives the detector to read with; called again after a leak. */
  constructor(
    private readonly json: T,
    private readonly scan: () => LeakDetector,
    private readonly options: JsonScrubberOptions = {},
  ) {
    this.leaves = this.leavesIn({ value: json });
    this.leakDetector = scan();
    this.firstOffset = this.leakDetector.position;
  }

  /** Reads about `units` UTF-16 units; returns whether all is read. */
  advance(units: number): boolean {
    for (let left = units; left > 0;) {
      const leaf = this.leaves[this.leaf];
      if (!leaf) return this.end();
      const until = Math.min(leaf.text.length, this.offset + left);
      const leaked = this.leakDetector.feed(leaf.text, this.offset, until);
      left -= until - this.offset + 1;
      this.offset = until;
      if (leaked) this.cut(this.leaf);
      else if (until === leaf.text.length) this.nextLeaf();
    }
    return false;
  }

  /** Removes every string that is left, unread. */
  removeRest(): void {
    for (; this.leaf < this.leaves.length; this.leaf += 1) this.edits.set(this.leaf, REMOVED);
    this.firstLeaf = this.leaf;
  }

  /** The value itself when nothing leaked, else a copy without the leaks. */
  get result(): { value: T; leaked: boolean } {
    if (this.edits.size === 0) return { value: this.json, leaked: false };
    const copy = { value: structuredClone(this.json) };
    const leaves = this.leavesIn(copy);
    for (const [index, text] of this.edits) leaves[index]?.replace(text);
    return { value: copy.value, leaked: true };
  }

  private leavesIn(box: { value: unknown }): readonly Leaf[] {
    const leaves = leavesOf(box);
    return this.options.skipKeys === true ? leaves.filter(({ isKey }) => isKey !== true) : leaves;
  }

  private nextLeaf(): void {
    this.leaf += 1;
    this.offset = 0;
    if (this.leakDetector.feed(BETWEEN)) this.cut(this.leaf - 1);
  }

  private end(): boolean {
    if (this.options.continues !== true && this.firstLeaf < this.leaves.length && this.leakDetector.end())
      this.cut(this.leaves.length - 1);
    return true;
  }

  /** From the place where the leak begins to the end of this leaf all is removed. */
  private cut(last: number): void {
    this.hits.push(this.leakDetector.hit);
    let start = this.firstOffset;
    let inside = false;
    for (let i = this.firstLeaf; i <= last; i += 1) {
      const { text = '', isKey = false } = this.leaves[i] ?? {};
      const end = start + text.length;
      const begins: boolean = !inside && end > this.leakDetector.leakFrom;
      inside ||= begins;
      const stays = begins && isKey && i < last && text.length <= SHORT_KEY;
      if (inside && !stays) this.edits.set(i, text.slice(0, Math.max(0, this.leakDetector.leakFrom - start)) + REMOVED);
      start = end + BETWEEN.length;
    }
    this.firstLeaf = last + 1;
    this.leaf = last + 1;
    this.offset = 0;
    if (this.options.removeRest === true) this.removeRest();
    this.leakDetector = this.scan();
    this.firstOffset = this.leakDetector.position;
  }
}
