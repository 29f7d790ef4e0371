import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { RateLimits } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';

const DAY_SECONDS = 86_400;

/** How many chains a user may start by requests: each may have hundreds of steps, which are kept for months. */
@Injectable()
export class ChainLimits {
  constructor(
    private readonly limits: RateLimits,
    private readonly config: NotificationsConfig,
  ) {}

  /** Throws `rate_limited`. */
  async consume(userId: string): Promise<void> {
    const { NOTIFICATIONS_PER_DAY: limit } = this.config;
    const { allowed, resetSeconds } = await this.limits.consume(`notifications:${userId}`, limit, DAY_SECONDS);
    if (!allowed) throw new Problem('rate_limited', { retryAfter: resetSeconds });
  }
}
