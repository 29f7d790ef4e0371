import type { TokenUsage } from '../usage';
import { mergeChunks, type ModelChunk } from './model-chunk';

/** Characters that may wait for a slow reader before the model's connection is no longer read. */
const HIGH_WATER_MARK = 64 * 1024;

/** Where the chunks come from. */
export interface ChunkSource {
  pause(): void;
  resume(): void;
  /** Ends an answer that is complete but for the protocol's own end; false where it is not. */
  endInSilence?(): boolean;
}

/**
 * Chunks between a model and its one reader. What arrives while the reader is busy is delivered as one chunk: a connection that brings ten
 * tokens in one read costs one wake-up, not ten.
 */
export class ChunkQueue {
  /** As reported last, also for an answer that fails. */
  usage: TokenUsage | undefined;
  private waiting: ModelChunk | undefined;
  private size = 0;
  private over = false;
  private failure: { readonly error: unknown } | undefined;
  private wake: { resolve: (chunk: ModelChunk | undefined) => void; reject: (error: unknown) => void } | undefined;
  private source: ChunkSource | undefined;
  private paused = false;
  private scheduled = false;

  connect(source: ChunkSource): void {
    this.source = source;
    if (this.paused) source.pause();
  }

  push(chunk: ModelChunk): void {
    if (this.over) return;
    this.waiting = this.waiting ? mergeChunks(this.waiting, chunk) : chunk;
    this.size += chunk.text.length;
    if (this.size > HIGH_WATER_MARK && !this.paused) this.pause();
    this.notify();
  }

  end(): void {
    this.over = true;
    this.notify();
  }

  /** What has arrived already is still delivered, and then the error. */
  fail(error: unknown): void {
    if (this.over) return;
    this.failure = { error };
    this.end();
  }

  /** The next chunk; undefined at the end. One wait at a time. */
  next(): Promise<ModelChunk | undefined> {
    if (this.waiting) return Promise.resolve(this.take());
    if (this.failure) return Promise.reject(this.failure.error);
    if (this.over) return Promise.resolve(undefined);
    return new Promise((resolve, reject) => (this.wake = { resolve, reject }));
  }

  /** The reader wants nothing more, or must not wait any longer: a pending `next` rejects with the error. */
  abort(error: unknown): void {
    this.waiting = undefined;
    this.over = true;
    this.failure = { error };
    const { wake } = this;
    this.wake = undefined;
    wake?.reject(error);
  }

  /** The source has been silent for too long: whether it has ended its answer nevertheless. */
  endInSilence(): boolean {
    return this.source?.endInSilence?.() ?? false;
  }

  private notify(): void {
    if (!this.wake || this.scheduled) return;
    this.scheduled = true;
    // In a microtask, because the same read of the connection may bring more.
    queueMicrotask(() => {
      this.scheduled = false;
      const { wake } = this;
      this.wake = undefined;
      if (!wake) return;
      if (this.waiting) wake.resolve(this.take());
      else if (this.failure) wake.reject(this.failure.error);
      else wake.resolve(undefined);
    });
  }

  private take(): ModelChunk | undefined {
    const chunk = this.waiting;
    this.waiting = undefined;
    this.size = 0;
    if (this.paused) this.resume();
    return chunk;
  }

  private pause(): void {
    this.paused = true;
    this.source?.pause();
  }

  private resume(): void {
    this.paused = false;
    this.source?.resume();
  }
}
