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
  count: number;
  readonly endsAt: number;
}

const MAX_WINDOWS_IN_MEMORY = 100_000;
const REDIS_TIMEOUT_MS = 250;
const HEARTBEAT_MS = 5_000;
const NODE_TTL_MS = 20_000;

/**
 * Fixed windows of counted requests, shared through Redis where there is one. Memory is bounded: beyond 100,000 windows the least
 * recently used one is evicted. While Redis does not answer, each node counts alone against its share of the limit: the limit divided by the
 * number of nodes that were last seen in Redis.
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
    this.redis.on('ready', () => void this.countNodes());
  }

  /** Whether nodes share their counts; undefined where there is no Redis. */
  get areShared(): boolean | undefined {
    return this.redis && this.redis.status === 'ready';
  }

  /** Nodes that were last seen in Redis, this one among them. */
  get nodeCount(): number {
    return this.nodes;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.redis?.zrem(this.nodesKey, this.node).catch(() => undefined);
    await this.redis?.quit().catch(() => this.redis?.disconnect());
  }

  /** Counts `cost` against `key`; refused counts are not added. */
  async consume(key: string, limit: number, windowSeconds: number, cost = 1): Promise<RateDecision> {
    if (!this.redis || this.redis.status !== 'ready') return this.consumeHere(key, limit, windowSeconds, cost);
    try {
      return decision(limit, await this.limiter(limit, windowSeconds).consume(key, cost), true);
    } catch (error) {
      if (error instanceof RateLimiterRes) return decision(limit, error, false);
      return this.consumeHere(key, limit, windowSeconds, cost);
    }
  }

  /** Takes one count back, for attempts that turned out well. */
  async refund(key: string, limit: number, windowSeconds: number): Promise<void> {
    const window = this.windows.get(`${windowSeconds}:${key}`);
    if (window && window.count > 0) window.count -= 1;
    if (this.redis?.status === 'ready')
      await this.limiter(limit, windowSeconds)
        .reward(key, 1)
        .catch(() => undefined);
  }

  private consumeHere(key: string, limit: number, windowSeconds: number, cost: number): RateDecision {
    const share = Math.max(1, Math.floor(limit / this.nodes));
    const now = Date.now();
    const id = `${windowSeconds}:${key}`;
    let window = this.windows.get(id);
    if (!window || window.endsAt <= now) {
      window = { count: 0, endsAt: now + windowSeconds * 1000 };
      this.windows.set(id, window);
    }
    const allowed = window.count + cost <= share;
    if (allowed) window.count += cost;
    return {
      allowed,
      limit,
      remaining: Math.max(0, share - window.count),
      resetSeconds: Math.ceil((window.endsAt - now) / 1000),
    };
  }

  private get nodesKey(): string {
    return `${this.prefix}:nodes`;
  }

  /** Tells the other nodes that this one lives, and counts them. */
  private async countNodes(): Promise<void> {
    if (this.redis?.status !== 'ready') return;
    const now = Date.now();
    try {
      await this.redis.zadd(this.nodesKey, now, this.node);
      await this.redis.zremrangebyscore(this.nodesKey, 0, now - NODE_TTL_MS);
      this.nodes = Math.max(1, await this.redis.zcard(this.nodesKey));
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

function decision(limit: number, result: RateLimiterRes, allowed: boolean): RateDecision {
  return {
    allowed,
    limit,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  };
}
