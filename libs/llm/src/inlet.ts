import { joined, type Piece } from './piece';

/** Characters that may wait for a slow reader before the model's connection is no longer read. */
const MOST_WAITING = 64 * 1024;

/** Where the pieces come from, as far as it can be told to wait. */
export interface Tap {
  pause(): void;
  resume(): void;
}

/**
 * Pieces on their way from a model to its one reader. What comes while the reader is busy is handed over as one piece: a connection that
 * brings ten tokens at once costs one wake-up, not ten.
 */
export class Inlet {
  private waiting: Piece | undefined;
  private size = 0;
  private over = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: { resolve: (piece: Piece | undefined) => void; reject: (error: unknown) => void } | undefined;
  private tap: Tap | undefined;
  private paused = false;
  private scheduled = false;

  /** From whom the pieces come. */
  connect(tap: Tap): void {
    this.tap = tap;
    if (this.paused) tap.pause();
  }

  push(piece: Piece): void {
    if (this.over) return;
    this.waiting = this.waiting ? joined(this.waiting, piece) : piece;
    this.size += piece.text.length + piece.calls.reduce((sum, { args }) => sum + args.length, 0);
    if (this.size > MOST_WAITING && !this.paused) this.hold();
    this.tell();
  }

  end(): void {
    this.over = true;
    this.tell();
  }

  /** What has come already is still handed over, and then the error. */
  fail(error: unknown): void {
    if (this.over) return;
    this.failure = { error };
    this.end();
  }

  /** The next piece; undefined at the end. One wait at a time. */
  next(): Promise<Piece | undefined> {
    if (this.waiting) return Promise.resolve(this.taken());
    if (this.failure) return Promise.reject(this.failure.error);
    if (this.over) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => (this.wake = { resolve, reject }));
  }

  /** The reader wants nothing more, or must not wait any longer: the wait under way ends with the error. */
  cut(error: unknown): void {
    this.waiting = undefined;
    this.over = true;
    this.failure = { error };
    const { wake } = this;
    this.wake = undefined;
    wake?.reject(error);
  }

  private tell(): void {
    if (!this.wake || this.scheduled) return;
    this.scheduled = true;
    // Not at once: the same read of the connection may bring more.
    queueMicrotask(() => {
      this.scheduled = false;
      const { wake } = this;
      this.wake = undefined;
      if (!wake) return;
      if (this.waiting) wake.resolve(this.taken());
      else if (this.failure) wake.reject(this.failure.error);
      else wake.resolve(undefined);
    });
  }

  private taken(): Piece | undefined {
    const piece = this.waiting;
    this.waiting = undefined;
    this.size = 0;
    if (this.paused) this.flow();
    return piece;
  }

  private hold(): void {
    this.paused = true;
    this.tap?.pause();
  }

  private flow(): void {
    this.paused = false;
    this.tap?.resume();
  }
}
