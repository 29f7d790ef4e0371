import { leavesOf, type Leaf } from './json-leaves';
import type { LeakHit, LeakDetector } from '../detect/leak-detector';
import { REMOVED } from './stream-scrubber';

/** Separates two strings, so that a leak may continue from one to the next. */
const BETWEEN = '\n';

/** A member's name this short stays when it is only what a leak seems to begin with: an answer without its members is no answer. */
const SHORT_KEY = 24;

/** Reads all strings of a JSON value as one text, a slice at a time, and cuts leaks out of a copy. */
export class JsonScrubber<T> {
  readonly hits: LeakHit[] = [];
  private readonly leaves: readonly Leaf[];
  private readonly edits = new Map<number, string>();
  private leakDetector: LeakDetector;
  /** Where the scanner's text begins: it restarts after a leak. */
  private firstLeaf = 0;
  private leaf = 0;
  private offset = 0;

  constructor(
    private readonly json: T,
    private readonly scan: () => LeakDetector,
  ) {
    this.leaves = leavesOf({ value: json });
    this.leakDetector = scan();
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

  /** The value itself when nothing leaked, else a copy without the leaks. */
  get result(): { value: T; leaked: boolean } {
    if (this.edits.size === 0) return { value: this.json, leaked: false };
    const copy = { value: structuredClone(this.json) };
    const leaves = leavesOf(copy);
    for (const [index, text] of this.edits) leaves[index]?.replace(text);
    return { value: copy.value, leaked: true };
  }

  private nextLeaf(): void {
    this.leaf += 1;
    this.offset = 0;
    if (this.leakDetector.feed(BETWEEN)) this.cut(this.leaf - 1);
  }

  private end(): boolean {
    if (this.firstLeaf < this.leaves.length && this.leakDetector.end()) this.cut(this.leaves.length - 1);
    return true;
  }

  /** From the place where the leak begins to the end of this leaf all is removed. */
  private cut(last: number): void {
    this.hits.push(this.leakDetector.hit);
    let start = 0;
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
    this.leakDetector = this.scan();
  }
}
