import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem, type Principal } from '@adiuva/kernel';
import { SignInLimits } from '@adiuva/auth';
import { RateLimits, type RateDecision } from '@adiuva/platform';
import { SYNC_TRAFFIC, UNCOUNTED, type EdgeRequest, type EdgeResponse } from '../principal';
import { SyncBudget } from './sync-budget.service';
import { RateLimitConfig } from './rate-limit.config';

const WINDOW_SECONDS = 60;

/** Counts the requests of a user against the limit of the tier, on REST and on sockets alike. */
@Injectable()
export class RateLimitGuard implements CanActivate {
  constructor(
    private readonly limits: RateLimits,
    private readonly config: RateLimitConfig,
    private readonly signIns: SignInLimits,
    private readonly syncBudget: SyncBudget,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Frames on a socket are counted where they are read.
    if (context.getType() !== 'http') return true;
    const http = context.switchToHttp();
    const { user } = http.getRequest<EdgeRequest>();
    const free = this.reflector.getAllAndOverride<boolean>(UNCOUNTED, [context.getHandler(), context.getClass()]);
    if (!user) {
      // Public routes count what they must themselves; the answer tells how their caller's address stands.
      if (!free) describe(await this.signIns.peek(http.getRequest<EdgeRequest>().ip ?? ''), http.getResponse());
      return true;
    }
    const response = http.getResponse<EdgeResponse>();
    const isSync = this.reflector.get<boolean>(SYNC_TRAFFIC, context.getHandler());
    const decision = isSync ? await this.syncBudget.charge(user, response) : await this.count(user, free ? 0 : 1);
    describe(decision, response);
    if (!decision.allowed) throw tooMany(decision);
    return true;
  }

  /** What was refused before it could be counted, by its token or its path, still tells how its caller's address stands. Never throws. */
  async describeUncounted({ ip = '' }: EdgeRequest, response: EdgeResponse): Promise<void> {
    if (response.headersSent || response.hasHeader('RateLimit-Limit')) return;
    const standing = await this.signIns.peek(ip).catch(() => undefined);
    if (standing && !response.headersSent) describe(standing, response);
  }

  /** For what does not come as a request; throws `rate_limited`. */
  async take(caller: Principal): Promise<void> {
    const decision = await this.count(caller, 1);
    if (!decision.allowed) throw tooMany(decision);
  }

  private count(caller: Principal, cost: number): Promise<RateDecision> {
    return this.limits.consume(`user:${caller.userId}`, this.config.perMinute(caller), WINDOW_SECONDS, cost);
  }
}

function describe(decision: RateDecision, response: EdgeResponse): void {
  response.setHeader('RateLimit-Limit', String(decision.limit));
  response.setHeader('RateLimit-Remaining', String(decision.remaining));
  response.setHeader('RateLimit-Reset', String(decision.resetSeconds));
}

function tooMany(decision: RateDecision): Problem {
  return new Problem('rate_limited', { retryAfter: decision.resetSeconds });
}
