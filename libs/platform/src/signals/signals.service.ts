import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Client } from 'pg';
import { z } from 'zod';
import { DatabaseServer } from '../database/database-server.service';
import type { Tx } from '../database/database.service';
import { Log } from '../logging/log.service';

const CHANNEL = 'adiuva_signals';
const RECONNECT_MS = 500;

/** Ids and small numbers only: a notification passes through the database in plaintext. */
const Frame = z.object({
  topic: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export type SignalData = z.infer<typeof Frame>['data'];
export type SignalListener = (data: SignalData) => void;

/**
 * News between nodes: a session died, a tier changed, a record was stored. `emit` is part of the transaction that caused it, so a
 * listener never hears of what was rolled back, and hears of the rest right after the commit (PostgreSQL NOTIFY). While the
 * connection is down signals are lost; `onGap` tells the listeners to forget what they cached.
 */
@Injectable()
export class Signals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly listeners = new Map<string, Set<SignalListener>>();
  private readonly gapListeners = new Set<() => void>();
  private client: Client | undefined;
  private closed = false;
  private retry: NodeJS.Timeout | undefined;

  constructor(
    @Inject(DatabaseServer) private readonly server: DatabaseServer,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.connect();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closed = true;
    clearTimeout(this.retry);
    await this.client?.end().catch(() => undefined);
  }

  async emit(tx: Tx, topic: string, data: SignalData): Promise<void> {
    const { channel, payload } = this.notice(topic, data);
    await tx.query('SELECT pg_notify($1, $2)', [channel, payload]);
  }

  /** What `emit` sends, for a statement that does more than notify. */
  notice(topic: string, data: SignalData): { readonly channel: string; readonly payload: string } {
    return { channel: CHANNEL, payload: JSON.stringify({ topic, data }) };
  }

  /** Returns the function that ends the subscription. */
  on(topic: string, listener: SignalListener): () => void {
    const group = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, group.add(listener));
    return () => void group.delete(listener);
  }

  onGap(listener: () => void): void {
    this.gapListeners.add(listener);
  }

  private async connect(): Promise<void> {
    if (this.closed) return;
    const client = new Client({
      connectionString: this.server.url,
      application_name: 'adiuva-signals',
      keepAlive: true,
    });
    client.on('error', () => this.reconnectLater(client));
    client.on('end', () => this.reconnectLater(client));
    client.on('notification', (message) => this.deliver(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
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

  private deliver(payload: string): void {
    const frame = Frame.safeParse(safeJson(payload));
    if (!frame.success) return;
    for (const listener of this.listeners.get(frame.data.topic) ?? []) listener(frame.data.data);
  }
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
