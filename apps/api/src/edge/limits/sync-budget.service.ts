import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { RateLimits, type RateDecision } from '@adiuva/platform';
import type { EdgeResponse } from '../principal';
import { RateLimitConfig } from './rate-limit.config';

const WINDOW_SECONDS = 60;
const KIB = 1024;
/** What a request costs at least, so that small ones are bounded, too. */
const MIN_COST_KIB = 256;

/**
 * The budget of sync traffic: kibibytes a minute and user. A request is charged its minimum first, and the rest of its answer when that
 * is sent: an answer may exceed the budget, the next request then waits for the next minute.
 */
@Injectable()
export class SyncBudget {
  constructor(
    private readonly limits: RateLimits,
    private readonly config: RateLimitConfig,
  ) {}

  async charge({ userId }: Principal, response: EdgeResponse): Promise<RateDecision> {
    const decision = await this.consume(userId, MIN_COST_KIB);
    if (decision.allowed) response.once('finish', () => void this.chargeRest(userId, response));
    return decision;
  }

  private async chargeRest(userId: string, response: EdgeResponse): Promise<void> {
    const rest = Math.ceil(Number(response.getHeader('Content-Length') ?? 0) / KIB) - MIN_COST_KIB;
    if (rest <= 0) return;
    const decision = await this.consume(userId, rest);
    // A refused cost is not counted; what remains of the window is.
    if (!decision.allowed && decision.remaining > 0) await this.consume(userId, decision.remaining);
  }

  private consume(userId: string, kib: number): Promise<RateDecision> {
    return this.limits.consume(`sync:${userId}`, this.config.SYNC_LIMIT_MIB * KIB, WINDOW_SECONDS, kib);
  }
}
