import { LRUCache } from 'lru-cache';
import { Problem } from '@adiuva/kernel';
import type { ChatStream } from './chat-stream';

const MAX_OF_A_USER = 100;
const MAX_KEPT_BYTES = 64 * 1024 * 1024;
const MIN_BYTES = 1_024;

/** The streams of this process by user and request: those under way, and for a while those that have ended. */
export class StreamRegistry<R> {
  private readonly running = new Map<string, Map<string, ChatStream<R>>>();
  private readonly deserted = new Map<ChatStream<R>, NodeJS.Timeout>();
  private readonly ended: LRUCache<string, ChatStream<R>>;

  /** A stream that nobody follows goes on for so long, and one that has ended can be asked for so long. */
  constructor(private readonly outlivesMs: number) {
    this.ended = new LRUCache({
      ttl: outlivesMs,
      ttlAutopurge: true,
      maxSize: MAX_KEPT_BYTES,
      sizeCalculation: (stream) => MIN_BYTES + 2 * stream.text.length,
    });
  }

  /** Throws `conflict` while another stream of the user has the same id, `rate_limited` for too many at once. */
  add(userId: string, stream: ChatStream<R>): void {
    const streams = this.running.get(userId) ?? new Map<string, ChatStream<R>>();
    if (streams.has(stream.id)) throw new Problem('conflict', { detail: 'A chat with this request_id is under way' });
    if (streams.size >= MAX_OF_A_USER) {
      throw new Problem('rate_limited', { detail: 'Too many chats at once', retryAfter: 5 });
    }
    this.running.set(userId, streams.set(stream.id, stream));
    this.ended.delete(keyOf(userId, stream.id));
  }

  has(userId: string, id: string): boolean {
    return this.running.get(userId)?.has(id) ?? false;
  }

  get all(): readonly ChatStream<R>[] {
    return [...this.running.values()].flatMap((streams) => [...streams.values()]);
  }

  /** Throws `not_found`, also for somebody else's. */
  find(userId: string, id: string): ChatStream<R> {
    const stream = this.running.get(userId)?.get(id) ?? this.ended.get(keyOf(userId, id));
    if (!stream) throw new Problem('not_found', { detail: 'There is no such chat' });
    return stream;
  }

  /** The stream has ended: its work is done, and its words are kept for who was cut off. */
  complete(userId: string, stream: ChatStream<R>): void {
    const streams = this.running.get(userId);
    streams?.delete(stream.id);
    if (streams?.size === 0) this.running.delete(userId);
    this.cancelOrphanTimer(stream);
    this.ended.set(keyOf(userId, stream.id), stream);
  }

  /** Nobody follows the stream any more: when nobody comes back in time, it is cancelled. */
  detach(stream: ChatStream<R>): void {
    if (stream.followed || stream.state !== 'running') return;
    clearTimeout(this.deserted.get(stream));
    const timer = setTimeout(() => {
      this.deserted.delete(stream);
      if (!stream.followed) stream.cancel();
    }, this.outlivesMs).unref();
    this.deserted.set(stream, timer);
  }

  cancelOrphanTimer(stream: ChatStream<R>): void {
    clearTimeout(this.deserted.get(stream));
    this.deserted.delete(stream);
  }

  clear(): void {
    this.ended.clear();
    for (const stream of this.deserted.keys()) this.cancelOrphanTimer(stream);
  }
}

function keyOf(userId: string, id: string): string {
  return `${userId}\n${id}`;
}
