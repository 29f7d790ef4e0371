import { failClosed } from './fail-closed';
import type { LeakHit, LeakDetector } from '../detect/leak-detector';

/** Replaces a removed prompt. */
export const REMOVED = '[removed]';

/** Cleans one stream of text. After a hit `[removed]` is emitted once and nothing follows it. */
export class StreamScrubber {
  private held = '';
  private sent = 0;
  private over = false;

  constructor(
    private readonly leakDetector: LeakDetector,
    private readonly report: (hit: LeakHit) => void,
  ) {}

  get leaked(): boolean {
    return this.leakDetector.leakFrom !== Infinity;
  }

  /** Takes the next text of the model; returns what may leave now (often less, sometimes more). */
  push(chunk: string): string {
    return this.over ? '' : this.closing(() => this.take(chunk));
  }

  /** Returns what was still held back. */
  end(): string {
    return this.over ? '' : this.closing(() => this.finish());
  }

  private take(chunk: string): string {
    this.held += chunk;
    return this.leakDetector.feed(chunk) ? this.cut() : this.release(this.leakDetector.safeUntil);
  }

  private finish(): string {
    if (this.leakDetector.end()) return this.cut();
    this.over = true;
    return this.release(Infinity);
  }

  /** After a failure nothing more leaves. */
  private closing(work: () => string): string {
    try {
      return failClosed(work);
    } catch (failure) {
      this.over = true;
      this.held = '';
      throw failure;
    }
  }

  private cut(): string {
    this.over = true;
    const text = this.release(this.leakDetector.leakFrom) + REMOVED;
    this.held = '';
    this.report(this.leakDetector.hit);
    return text;
  }

  private release(until: number): string {
    const length = Math.max(0, Math.min(this.held.length, until - this.sent));
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    this.sent += length;
    return text;
  }
}
