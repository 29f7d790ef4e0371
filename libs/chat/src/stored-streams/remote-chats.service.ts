import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { newId, type Principal } from '@adiuva/kernel';
import type { ClientToolResult } from '@adiuva/agents';
import { Log, PubSub } from '@adiuva/platform';
import type { FollowableChat } from '../followable-chat';
import {
  FOLLOWER_REPLACED,
  REPORT_MS,
  STREAM_ANSWERED,
  STREAM_CANCELLED,
  STREAM_FOLLOWED,
  STREAM_UNFOLLOWED,
} from './node-events';
import { RemoteChat } from './remote-chat';
import { noSuchChat, StoredStreams, type FollowedPart } from './stored-streams.store';
import { StreamCipher } from './stream-cipher';

/** How often the parts of all followed streams are read, in one statement. */
const READ_MS = 100;
const REPORT_TOKENS = 500;
/** A listener with more unsent bytes gets nothing more for now, and its node is not told that it has received it. */
const MAX_UNSENT_BYTES = 64 * 1024;
/** A database that cannot be read for so long ends the followed chats with an error. */
const MAX_OUTAGE_MS = 30_000;

interface Following {
  readonly chat: RemoteChat;
  reported: number;
  reportedAt: number;
}

/** Chats that other nodes execute and clients of this node follow, answer and cancel. */
@Injectable()
export class RemoteChats implements OnModuleInit, BeforeApplicationShutdown {
  private readonly followed = new Map<string, Following>();
  private timer: NodeJS.Timeout | undefined;
  private lastRead = 0;

  constructor(
    private readonly store: StoredStreams,
    private readonly pubSub: PubSub,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.pubSub.subscribe(FOLLOWER_REPLACED, ({ follower }) => {
      const replaced = this.followed.get(String(follower));
      this.followed.delete(String(follower));
      replaced?.chat.listener.replaced?.();
    });
  }

  beforeApplicationShutdown(): void {
    for (const { chat } of [...this.followed.values()]) this.unfollow(chat);
  }

  /** Throws `not_found` for no chat of the caller, and for one whose key is another. */
  async find({ userId }: Principal, requestId: string, resumeKey: string | undefined): Promise<FollowableChat> {
    const { id: streamId, verifier } = await this.store.find(userId, requestId);
    if (!verifier || resumeKey === undefined) throw noSuchChat();
    const cipher = new StreamCipher(resumeKey, userId, requestId);
    if (!cipher.matches(verifier)) throw noSuchChat();
    let chat: RemoteChat | undefined;
    return {
      follow: (listener, from) => {
        const following = (chat = new RemoteChat(newId(), streamId, listener, cipher, from));
        this.start(following);
        return () => this.unfollow(following);
      },
      answer: (callId, answer) => {
        if (chat) void this.answer(chat, callId, answer);
      },
    };
  }

  /** Throws `not_found` for no chat of the caller. */
  async cancel({ userId }: Principal, requestId: string): Promise<void> {
    this.pubSub.publish(STREAM_CANCELLED, { stream_id: await this.store.cancel(userId, requestId) });
  }

  private start(chat: RemoteChat): void {
    this.followed.set(chat.id, { chat, reported: -1, reportedAt: 0 });
    this.report();
    if (this.timer) return;
    this.lastRead = performance.now();
    this.timer = setTimeout(() => void this.readAll(), 0);
  }

  private unfollow(chat: RemoteChat): void {
    if (this.followed.delete(chat.id))
      this.pubSub.publish(STREAM_UNFOLLOWED, { stream_id: chat.streamId, follower: chat.id });
  }

  private async readAll(): Promise<void> {
    try {
      await this.read();
      this.lastRead = performance.now();
    } catch (error) {
      this.log.warn('stored_streams_failed', { error });
      if (performance.now() - this.lastRead > MAX_OUTAGE_MS) for (const { chat } of this.followed.values()) chat.lose();
    }
    for (const { chat } of [...this.followed.values()]) if (chat.ended) this.followed.delete(chat.id);
    this.report();
    this.timer = this.followed.size > 0 ? setTimeout(() => void this.readAll(), READ_MS) : undefined;
  }

  private async read(): Promise<void> {
    const chats = [...this.followed.values()].map(({ chat }) => chat).filter(isReady);
    if (chats.length === 0) return;
    const rows = await this.store.read(chats.map(({ streamId, seq }) => ({ streamId, seq })));
    const byStream = new Map<string, FollowedPart[]>(rows.map(({ streamId }) => [streamId, []]));
    for (const row of rows) byStream.get(row.streamId)?.push(row);
    for (const chat of chats) {
      if (!this.followed.has(chat.id)) continue;
      const parts = byStream.get(chat.streamId) ?? [];
      chat.take(parts.flatMap(({ seq, sealed }) => (seq === null || !sealed ? [] : { seq, sealed })));
      chat.see(parts.some(({ alive }) => alive));
    }
  }

  /** Tells the executing node that the client is there, and how far it is. */
  private report(): void {
    const now = performance.now();
    for (const following of this.followed.values()) {
      const { chat, reported, reportedAt } = following;
      if (now - reportedAt < REPORT_MS && chat.next - reported < REPORT_TOKENS) continue;
      following.reportedAt = now;
      if (isReady(chat)) following.reported = chat.next;
      this.pubSub.publish(STREAM_FOLLOWED, {
        stream_id: chat.streamId,
        follower: chat.id,
        next_index: Math.max(0, following.reported),
      });
    }
  }

  private async answer(chat: RemoteChat, callId: string, answer: ClientToolResult): Promise<void> {
    const sealed = chat.sealAnswer(callId, answer);
    if (!sealed) return;
    try {
      await this.store.answer(chat.streamId, sealed.number, sealed.sealed);
      this.pubSub.publish(STREAM_ANSWERED, { stream_id: chat.streamId });
    } catch (error) {
      // The chat continues without it, as with a device that does not answer.
      this.log.warn('stored_streams_failed', { error });
    }
  }
}

function isReady({ listener }: RemoteChat): boolean {
  return (listener.unsent?.() ?? 0) <= MAX_UNSENT_BYTES;
}
