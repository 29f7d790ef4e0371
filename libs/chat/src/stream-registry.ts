import { LRUCache } from 'lru-cache';
import { Problem } from '@adiuva/kernel';
import type { ChatStream } from './chat-stream';

const MAX_KEPT_BYTES = 64 * 1024 * 1024;
const MIN_BYTES = 1_024;

/** The streams of this process by user and request: running ones, and for a while those that have ended. */
export class StreamRegistry<R> {
  private readonly running = new Map<string, Map<string, ChatStream<R>>>();
  private readonly orphanTimers = new Map<ChatStream<R>, NodeJS.Timeout>();
  private readonly ended: LRUCache<string, ChatStream<R>>;

  /** An orphaned stream continues, and an ended one can be resumed, for `detachedTtlMs`. */
  constructor(private readonly detachedTtlMs: number) {
    this.ended = new LRUCache({
      ttl: detachedTtlMs,
      ttlAutopurge: true,
      maxSize: MAX_KEPT_BYTES,
      sizeCalculation: (stream) => MIN_BYTES + 2 * stream.text.length,
    });
  }

  /** Throws `conflict` while another stream of the user has the same id. */
  add(userId: string, stream: ChatStream<R>): void {
    const streams = this.running.get(userId) ?? new Map<string, ChatStream<R>>();
    if (streams.has(stream.id)) throw new Problem('conflict', { detail: 'A chat with this request_id is in progress' });
    this.running.set(userId, streams.set(stream.id, stream));
    this.ended.delete(keyOf(userId, stream.id));
  }

  of(userId: string): readonly ChatStream<R>[] {
    return [...(this.running.get(userId)?.values() ?? [])];
  }

  /** Users and sessions with a running stream. */
  get sessions(): readonly { readonly userId: string; readonly sessionId: string }[] {
    return [...this.running].flatMap(([userId, streams]) =>
      [...new Set([...streams.values()].map(({ sessionId }) => sessionId))].map((sessionId) => ({ userId, sessionId })),
    );
  }

  get all(): readonly ChatStream<R>[] {
    return [...this.running.values()].flatMap((streams) => [...streams.values()]);
  }

  /** Undefined also for a stream of another user. */
  find(userId: string, id: string): ChatStream<R> | undefined {
    return this.running.get(userId)?.get(id) ?? this.ended.get(keyOf(userId, id));
  }

  /** The stream was not started after all. */
  remove(userId: string, stream: ChatStream<R>): void {
    const streams = this.running.get(userId);
    streams?.delete(stream.id);
    if (streams?.size === 0) this.running.delete(userId);
    this.cancelOrphanTimer(stream);
  }

  /** The stream has ended; it is kept for a client that was disconnected. */
  complete(userId: string, stream: ChatStream<R>): void {
    this.remove(userId, stream);
    this.ended.set(keyOf(userId, stream.id), stream);
  }

  /** The listener has gone: an orphaned stream is cancelled after `detachedTtlMs` unless a listener attaches. */
  detach(stream: ChatStream<R>): void {
    if (stream.followed || stream.state !== 'running') return;
    clearTimeout(this.orphanTimers.get(stream));
    const timer = setTimeout(() => {
      this.orphanTimers.delete(stream);
      if (!stream.followed) stream.cancel();
    }, this.detachedTtlMs).unref();
    this.orphanTimers.set(stream, timer);
  }

  cancelOrphanTimer(stream: ChatStream<R>): void {
    clearTimeout(this.orphanTimers.get(stream));
    this.orphanTimers.delete(stream);
  }

  clear(): void {
    this.ended.clear();
    for (const stream of this.orphanTimers.keys()) this.cancelOrphanTimer(stream);
  }
}

function keyOf(userId: string, id: string): string {
  return `${userId}\n${id}`;
}
