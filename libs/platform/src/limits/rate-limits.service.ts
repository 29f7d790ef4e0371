import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { DatabaseConfig } from '@adiuva/config';
import { newId } from '@adiuva/kernel';
import { entryLimit } from '../cache/entry-limit';

export interface RateDecision {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the next window starts. */
  readonly resetSeconds: number;
}

interface Window {
  /** Of all nodes, when Redis last answered. */
  shared: number;
  /** Of this node, since then. */
  count: number;
  endsAt: number;
  /** That `shared` is of. */
  connection: Connection | undefined;
}

interface Connection {
  /** Of the counts in Redis: another one where Redis has started without them. */
  readonly epoch: string;
}

const MAX_WINDOWS_IN_MEMORY = 100_000;
const REDIS_TIMEOUT_MS = 250;
const HEARTBEAT_MS = 5_000;
const NODE_TTL_MS = 20_000;

/**
 * Fixed windows of counted requests, shared through Redis where there is one. Memory is bounded: beyond 100,000 windows the least
 * recently used one is evicted. While Redis does not answer, each node counts alone against its share of what was left: the rest of the limit
 * divided by the number of nodes that were last seen in Redis. When Redis answers again it is told what was counted meanwhile, and, where it
 * has lost its counts, what was counted before.
 */
@Injectable()
export class RateLimits implements OnApplicationShutdown {
  private readonly windows = new LRUCache<string, Window>(entryLimit(MAX_WINDOWS_IN_MEMORY));
  private readonly shared = new Map<string, RateLimiterRedis>();
  private readonly redis: Redis | undefined;
  private readonly prefix: string;
  private readonly node = newId();
  private readonly heartbeat: NodeJS.Timeout | undefined;
  private nodes = 1;
  private isNode = false;
  private connection: Promise<Connection> | undefined;
  private connectedAt = 0;

  constructor(config: DatabaseConfig) {
    this.prefix = config.REDIS_PREFIX;
    if (config.REDIS_URL === undefined) return;
    this.redis = new Redis(config.REDIS_URL, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: REDIS_TIMEOUT_MS,
    });
    this.redis.on('error', () => undefined);
    this.heartbeat = setInterval(() => void this.countNodes(), HEARTBEAT_MS).unref();
    this.redis.on('ready', () => {
      this.connection = undefined;
      this.connectedAt = performance.now();
      void this.countNodes();
    });
  }

  /** Whether nodes share their counts; undefined where there is no Redis. */
  get areShared(): boolean | undefined {
    return this.redis && this.redis.status === 'ready';
  }

  /** Nodes that were last seen in Redis, this one among them. */
  get nodeCount(): number {
    return this.nodes;
  }

  /** Counts this process among the nodes. A worker or a command serves no requests, so it takes no share. */
  join(): void {
    this.isNode = true;
    void this.countNodes();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.redis?.zrem(this.nodesKey, this.node).catch(() => undefined);
    await this.redis?.quit().catch(() => this.redis?.disconnect());
  }

  /** Counts `cost` against `key`; refused counts are not added. */
  async consume(key: string, limit: number, windowSeconds: number, cost = 1): Promise<RateDecision> {
    if (!this.redis || this.redis.status !== 'ready') return this.consumeHere(key, limit, windowSeconds, cost);
    const window = this.window(key, windowSeconds);
    try {
      const limiter = this.limiter(limit, windowSeconds);
      const connection = await (this.connection ??= this.connect());
      await report(limiter, key, window);
      const result = await consumed(limiter, key, cost);
      const lost = isLost(window, connection, result) ? Math.ceil(window.shared / this.nodes) : 0;
      window.shared = Math.min(limit, result.consumedPoints + lost);
      window.endsAt = Date.now() + result.msBeforeNext;
      window.connection = connection;
      if (lost > 0) await limiter.penalty(key, lost);
      return {
        allowed: result.consumedPoints <= limit,
        limit,
        remaining: Math.max(0, result.remainingPoints),
        resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
      };
    } catch {
      return this.consumeHere(key, limit, windowSeconds, cost);
    }
  }

  /** Takes one count back, for attempts that turned out well. */
  async refund(key: string, limit: number, windowSeconds: number): Promise<void> {
    const window = this.windows.get(`${windowSeconds}:${key}`);
    // Of what Redis has not been told yet nothing is taken back there.
    if (window && window.count > 0) {
      window.count -= 1;
      return;
    }
    if (this.redis?.status !== 'ready') return;
    const result = await this.limiter(limit, windowSeconds)
      .reward(key, 1)
      .catch(() => undefined);
    if (window && result) window.shared = Math.min(window.shared, Math.max(0, result.consumedPoints));
  }

  private consumeHere(key: string, limit: number, windowSeconds: number, cost: number): RateDecision {
    const window = this.window(key, windowSeconds);
    const rest = Math.floor((limit - window.shared) / this.nodes);
    // However many nodes there are, each serves something.
    const share = window.shared === 0 ? Math.max(1, rest) : rest;
    const allowed = window.count + cost <= share;
    if (allowed) window.count += cost;
    return {
      allowed,
      limit,
      remaining: Math.max(0, share - window.count),
      resetSeconds: Math.ceil((window.endsAt - Date.now()) / 1000),
    };
  }

  private window(key: string, windowSeconds: number): Window {
    const id = `${windowSeconds}:${key}`;
    const known = this.windows.get(id);
    const now = Date.now();
    if (known && known.endsAt > now) return known;
    const window = { shared: 0, count: 0, endsAt: now + windowSeconds * 1000, connection: undefined };
    this.windows.set(id, window);
    return window;
  }

  private get nodesKey(): string {
    return `${this.prefix}:nodes`;
  }

  private async connect(): Promise<Connection> {
    const { redis } = this;
    const key = `${this.prefix}:rate-epoch`;
    const made = newId();
    try {
      await redis?.setnx(key, made);
      return { epoch: (await redis?.get(key)) ?? made };
    } catch (error) {
      this.connection = undefined;
      throw error;
    }
  }

  /** Tells the other nodes that this one is alive, and counts them. */
  private async countNodes(): Promise<void> {
    if (this.redis?.status !== 'ready') return;
    const now = Date.now();
    try {
      if (this.isNode) await this.redis.zadd(this.nodesKey, now, this.node);
      await this.redis.zremrangebyscore(this.nodesKey, 0, now - NODE_TTL_MS);
      const count = Math.max(1, await this.redis.zcard(this.nodesKey));
      // A Redis that has just started knows only the nodes that have already connected again.
      const isNew = performance.now() - this.connectedAt < NODE_TTL_MS;
      this.nodes = isNew ? Math.max(this.nodes, count) : count;
    } catch {
      // Redis has just died; the last count stays.
    }
  }

  private limiter(limit: number, windowSeconds: number): RateLimiterRedis {
    const id = `${limit}:${windowSeconds}`;
    const known = this.shared.get(id);
    if (known) return known;
    const made = new RateLimiterRedis({
      storeClient: this.redis,
      points: limit,
      duration: windowSeconds,
      keyPrefix: `${this.prefix}:rate:${windowSeconds}`,
    });
    this.shared.set(id, made);
    return made;
  }
}

/** Whether Redis lacks what the window had of it before: it is empty, or was restored from an older copy. */
function isLost(window: Window, connection: Connection, { consumedPoints }: RateLimiterRes): boolean {
  if (window.connection === connection) return false;
  return window.connection?.epoch !== connection.epoch || consumedPoints <= window.shared;
}

/** Adds what was counted here while Redis did not answer. */
async function report(limiter: RateLimiterRedis, key: string, window: Window): Promise<void> {
  const { count } = window;
  if (count === 0) return;
  window.count = 0;
  try {
    await limiter.penalty(key, count);
  } catch (error) {
    window.count += count;
    throw error;
  }
}

/** The library rejects with the count where it is above the limit. */
async function consumed(limiter: RateLimiterRedis, key: string, cost: number): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key, cost);
  } catch (error) {
    if (error instanceof RateLimiterRes) return error;
    throw error;
  }
}
