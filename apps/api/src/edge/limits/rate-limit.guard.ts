import { Injectable, type CanActivate, type ExecutionContext, type OnModuleInit } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem, type Principal } from '@adiuva/kernel';
import { SignInLimits } from '@adiuva/auth';
import { RateLimits, type RateDecision } from '@adiuva/platform';
import { RATE_GROUP, SYNC_TRAFFIC, UNCOUNTED, type EdgeRequest, type EdgeResponse } from '../principal';
import { SyncBudget } from './sync-budget.service';
import { UNITS_A_REQUEST, unitsOf, type RateGroupName } from './rate-groups';
import { RateLimitConfig } from './rate-limit.config';

const WINDOW_SECONDS = 60;

/** Counts the requests of a user against the limit of the tier, on REST and on sockets alike. */
@Injectable()
export class RateLimitGuard implements CanActivate, OnModuleInit {
  constructor(
    private readonly limits: RateLimits,
    private readonly config: RateLimitConfig,
    private readonly signIns: SignInLimits,
    private readonly syncBudget: SyncBudget,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    this.limits.join();
  }

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
    const group = this.reflector.get<RateGroupName | undefined>(RATE_GROUP, context.getHandler()) ?? 'default';
    const decision = isSync
      ? await this.syncBudget.charge(user, response)
      : await this.count(user, group, free ? 0 : unitsOf(group));
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
  async consume(caller: Principal, group: RateGroupName, response?: EdgeResponse): Promise<void> {
    const decision = await this.count(caller, group, unitsOf(group));
    if (response) describe(decision, response);
    if (!decision.allowed) throw tooMany(decision);
  }

  private async count(caller: Principal, group: RateGroupName, units: number): Promise<RateDecision> {
    const key = `${group === 'gateway' ? 'gateway' : 'user'}:${caller.userId}`;
    const limit = this.config.perMinute(caller);
    const decision = await this.limits.consume(key, limit * UNITS_A_REQUEST, WINDOW_SECONDS, units);
    return { ...decision, limit, remaining: Math.floor(decision.remaining / UNITS_A_REQUEST) };
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
