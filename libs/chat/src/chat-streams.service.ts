import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Problem, type Principal } from '@adiuva/kernel';
import { ServerConfig } from '@adiuva/config';
import { ConcurrencyConfig, requestsSent } from '@adiuva/platform';
import type { ChatResult } from './chat-request';
import { ChatStream, type StreamListener } from './chat-stream';
import { ChatConfig } from './chat.config';
import type { FollowableChat } from './followable-chat';
import { RemoteChats } from './stored-streams/remote-chats.service';
import { noSuchChat } from './stored-streams/stored-streams.store';
import { StreamRecordings } from './stored-streams/stream-recordings.service';
import { StreamRegistry } from './stream-registry';

const REFUSED_MS = 10_000;
const MAX_REFUSED = 10_000;

/** How a client may come back to its chat: from this node, and with a key from every node. */
export interface Resumable {
  readonly key: string | undefined;
}

/** A stream that is being registered for all nodes. */
export interface OpeningStream {
  readonly stream: ChatStream<ChatResult>;
  /** Rejects with `conflict`, `too_many_streams`; nothing of the answer may be delivered before. */
  readonly registered: Promise<void>;
  /** What the work has to wait for before it asks a model. */
  readonly mayStart: Promise<void>;
}

/** The streams in progress, so that they can be resumed and cancelled through every node, and drained at shutdown. */
@Injectable()
export class ChatStreams implements BeforeApplicationShutdown {
  private readonly registry: StreamRegistry<ChatResult>;
  /** Users whose chat was refused a short while ago: a model is not asked for the next one before it is registered. */
  private readonly refused = new LRUCache<string, true>({ max: MAX_REFUSED, ttl: REFUSED_MS });

  constructor(
    private readonly server: ServerConfig,
    config: ChatConfig,
    private readonly concurrency: ConcurrencyConfig,
    private readonly recordings: StreamRecordings,
    private readonly remote: RemoteChats,
  ) {
    this.registry = new StreamRegistry(config.CHAT_DETACHED_TTL_MS);
  }

  /**
   * Throws `conflict` while another chat of the user has the same id; chats and runs of all nodes count together. A user with few chats on
   * this node is almost certain to be admitted, so the work may start meanwhile.
   */
  open({ userId, sessionId, tier }: Principal, id: string, resumable: Resumable | undefined): OpeningStream {
    const stream = new ChatStream<ChatResult>(id, sessionId, resumable?.key);
    this.registry.add(userId, stream);
    const maxConcurrent = this.concurrency.max(tier);
    const hasHeadroom = this.registry.of(userId).length <= maxConcurrent / 2 && !this.refused.has(userId);
    const registered = this.register(userId, maxConcurrent, stream);
    return { stream, registered, mayStart: hasHeadroom ? Promise.resolve() : registered };
  }

  complete({ userId }: Principal, stream: ChatStream<ChatResult>): void {
    this.registry.complete(userId, stream);
  }

  /** The stream as its client follows it in this process. */
  local(stream: ChatStream<ChatResult>): FollowableChat {
    return {
      follow: (listener, from) => this.attach(stream, listener, from),
      answer: (callId, answer) => void stream.answer(callId, answer),
    };
  }

  /**
   * The chat of the caller that is to be followed from token `from` on. Throws `not_found`, also where it was started with another key, and
   * `validation_failed` for an index after the last token, as far as this node knows it.
   */
  async find(caller: Principal, id: string, from: number, key: string | undefined): Promise<FollowableChat> {
    const stream = this.registry.find(caller.userId, id);
    if (!stream) return this.remote.find(caller, id, key);
    if (stream.resumeKey !== undefined && !isSame(stream.resumeKey, key)) throw noSuchChat();
    if (from <= stream.length) return this.local(stream);
    throw new Problem('validation_failed', { errors: [{ field: 'next_index', message: 'lies after the last token' }] });
  }

  /** Throws `not_found`. */
  async cancel(caller: Principal, id: string): Promise<void> {
    if (!this.cancelLocal(caller, id) && !this.registry.find(caller.userId, id)) await this.remote.cancel(caller, id);
  }

  /** Whether a stream was running in this process. */
  cancelLocal({ userId }: Principal, id: string): boolean {
    const stream = this.registry.find(userId, id);
    if (stream?.state !== 'running') return false;
    stream.cancel();
    return true;
  }

  get sessions(): readonly { readonly userId: string; readonly sessionId: string }[] {
    return this.registry.sessions;
  }

  cancelSession(userId: string, sessionId: string): void {
    for (const stream of this.registry.of(userId)) {
      if (stream.sessionId === sessionId)
        stream.cancel(new Problem('unauthenticated', { detail: 'This session is over' }));
    }
  }

  /** Waits for running answers for the grace period, then ends them with `unavailable`; all of it is stored for the other nodes. */
  async beforeApplicationShutdown(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const graceMs = this.server.SHUTDOWN_GRACE_MS - this.server.shutdownDelayMs;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs))).then(() => (late = true));
    // One that was cancelled while it was being registered has ended, and is still among them.
    const running = () => this.registry.all.filter(({ state }) => state === 'running');
    while (running().length > 0 && !late) await Promise.race([Promise.all(running().map(({ ended }) => ended)), grace]);
    clearTimeout(timer);
    for (const stream of this.registry.all) {
      stream.cancel(new Problem('unavailable', { detail: 'The server is restarting', retryAfter: 5 }));
    }
    await this.recordings.flush();
    this.registry.clear();
  }

  private async register(userId: string, maxConcurrent: number, stream: ChatStream<ChatResult>): Promise<void> {
    try {
      // All of them, so that the statements are executed in the order of the calls.
      await requestsSent();
      await this.recordings.open({ userId, maxConcurrent }, stream, (...following) => this.attach(...following));
    } catch (error) {
      this.refused.set(userId, true);
      this.registry.remove(userId, stream);
      stream.cancel(error instanceof Problem ? error : new Problem('internal_error', { cause: error }));
      throw error;
    }
  }

  private attach(
    stream: ChatStream<ChatResult>,
    listener: StreamListener<ChatResult>,
    from: number,
  ): (() => void) | undefined {
    this.registry.cancelOrphanTimer(stream);
    const unfollow = stream.follow(listener, from);
    if (stream.state !== 'running') return undefined;
    return () => {
      unfollow();
      this.registry.detach(stream);
    };
  }
}

function isSame(key: string, shown: string | undefined): boolean {
  const [one, other] = [Buffer.from(key), Buffer.from(shown ?? '')];
  return one.length === other.length && timingSafeEqual(one, other);
}
