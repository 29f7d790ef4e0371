import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Client } from 'pg';
import { z } from 'zod';
import { newId } from '@adiuva/kernel';
import { entryLimit } from '../cache/entry-limit';
import { DatabaseServer } from '../database/database-server.service';
import { Database, type Tx } from '../database/database.service';
import { DeadlineClient } from '../database/deadline-client.adapter';
import { Log } from '../logging/log.service';

const CHANNEL = 'adiuva_signals';
const RECONNECT_MS = 500;
const CONNECT_TIMEOUT_MS = 3_000;

/** Frames of this process whose notification is awaited or has just arrived. */
const MAX_OWN = 10_000;

/** PostgreSQL takes less than 8,000 bytes in one notification. */
const MAX_BYTES = 7_500;

/** Ids and small numbers only: a notification passes through the database in plaintext. */
const Frame = z.object({
  /** Of a frame of a process; functions of the database notify without one. */
  id: z.string().optional(),
  topic: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
const Frames = z.array(Frame);

type Frame = z.infer<typeof Frame>;

export type PubSubData = z.infer<typeof Frame>['data'];
export type PubSubListener = (data: PubSubData) => void;

/**
 * Events between nodes: a session was revoked, a tier changed, a record was stored. `publishInTransaction` is part of the transaction that caused it, so a
 * listener is never notified of what was rolled back. Listeners of this process are notified before the transaction returns to its caller,
 * others right after the commit (PostgreSQL NOTIFY). While the connection is down events are lost; `onReconnect` tells the
 * listeners to forget what they cached.
 */
@Injectable()
export class PubSub implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Map<string, Set<PubSubListener>>();
  private readonly gapListeners = new Set<() => void>();
  /** What is announced next, one JSON frame each. */
  private readonly announced: string[] = [];
  private readonly processId = newId();
  private published = 0;
  /** Ids of frames of this process that its listeners have had. */
  private readonly delivered = new LRUCache<string, true>(entryLimit(MAX_OWN));
  private sending = false;
  private client: Client | undefined;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    @Inject(DatabaseServer) private readonly server: DatabaseServer,
    private readonly log: Log,
    private readonly database: Database,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  /** Not earlier: until the last request is answered, other nodes are told what happens here. */
  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  async publishInTransaction(tx: Tx, topic: string, data: PubSubData): Promise<void> {
    const frame = this.frame(topic, data);
    await tx.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify([frame])]);
    this.database.onCommit(tx, () => this.deliver(frame));
  }

  /**
   * After a commit instead of inside of it: commits that carry a notification wait for each other, also for the disk. What is announced in
   * one moment goes together. Lost with this process, so only for listeners who find out by themselves in a few seconds.
   */
  publish(topic: string, data: PubSubData): void {
    const frame = this.frame(topic, data);
    this.database.afterCommit(() => {
      this.deliver(frame);
      this.announced.push(JSON.stringify(frame));
      if (!this.sending) setImmediate(() => void this.sendAnnounced());
    });
  }

  /** Returns the function that ends the subscription. */
  subscribe(topic: string, listener: PubSubListener): () => void {
    const group = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, group.add(listener));
    return () => void group.delete(listener);
  }

  onReconnect(listener: () => void): void {
    this.gapListeners.add(listener);
  }

  private async connect(): Promise<void> {
    if (this.closed) return;
    const client = new DeadlineClient({
      connectionString: this.server.url,
      application_name: 'adiuva-signals',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    });
    client.on('error', () => this.reconnectLater(client));
    client.on('end', () => this.reconnectLater(client));
    client.on('notification', (message) => this.receive(message.payload ?? ''));
    try {
      await client.connect();
      // What is published need not survive a crash, so no commit waits for the disk.
      await client.query(`SET synchronous_commit = off; LISTEN ${CHANNEL}`);
      this.client = client;
      for (const listener of this.gapListeners) listener();
    } catch (error) {
      this.log.warn('signals_unreachable', { error });
      this.reconnectLater(client);
    }
  }

  private reconnectLater(from: Client): void {
    if (this.closed || this.retry || (this.client && this.client !== from)) return;
    this.client = undefined;
    for (const listener of this.gapListeners) listener();
    this.retry = setTimeout(() => {
      this.retry = undefined;
      void this.connect();
    }, RECONNECT_MS);
  }

  private async sendAnnounced(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    while (this.announced.length > 0) {
      const payloads = packed(this.announced.splice(0));
      await this.client
        ?.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [CHANNEL, payloads])
        .catch((error: unknown) => this.log.warn('signals_lost', { count: payloads.length, error }));
    }
    this.sending = false;
  }

  private frame(topic: string, data: PubSubData): Frame {
    return { id: `${this.processId}.${(this.published += 1)}`, topic, data };
  }

  private receive(payload: string): void {
    for (const frame of Frames.safeParse(safeJson(payload)).data ?? []) this.deliver(frame);
  }

  /** A frame of this process comes twice, from its transaction and from the database, and in any order: a commit may succeed without its answer. */
  private deliver({ id, topic, data }: Frame): void {
    if (id !== undefined && this.delivered.has(id)) return;
    if (id?.startsWith(this.processId)) this.delivered.set(id, true);
    for (const listener of this.listeners.get(topic) ?? []) {
      try {
        listener(data);
      } catch (error) {
        this.log.error('listener_failed', { reason: topic, error });
      }
    }
  }
}

/** JSON arrays of the frames, as few as the size of a notification allows. */
function packed(frames: readonly string[]): string[] {
  const payloads: string[] = [];
  let gathered: string[] = [];
  let bytes = 0;
  for (const frame of frames) {
    const size = Buffer.byteLength(frame) + 1;
    if (bytes + size > MAX_BYTES && gathered.length > 0) {
      payloads.push(`[${gathered.join(',')}]`);
      [gathered, bytes] = [[], 0];
    }
    gathered.push(frame);
    bytes += size;
  }
  return [...payloads, `[${gathered.join(',')}]`];
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
