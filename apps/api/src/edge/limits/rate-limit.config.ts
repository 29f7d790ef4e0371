import type { Principal } from '@adiuva/kernel';
import { Settings, setting } from '@adiuva/config';

const LIMITS = {
  RATE_LIMIT_FREE: setting.integer('Requests a minute of a free user', 20, { min: 1 }),
  RATE_LIMIT_PRO: setting.integer('Requests a minute of a pro user', 60, { min: 1 }),
  RATE_LIMIT_POWER: setting.integer('Requests a minute of a power user', 120, { min: 1 }),
  RATE_LIMIT_TEAM: setting.integer('Requests a minute for each seat of a team', 200, { min: 1 }),
  SYNC_LIMIT_MIB: setting.integer('MiB a minute that the devices of a user may read in change feeds and batches', 256, {
    min: 1,
    max: 1_000_000,
  }),
};

export class RateLimitConfig extends Settings('Rate limits', LIMITS) {
  perMinute(caller: Principal): number {
    switch (caller.tier) {
      case 'free':
        return this.RATE_LIMIT_FREE;
      case 'pro':
        return this.RATE_LIMIT_PRO;
      case 'power':
        return this.RATE_LIMIT_POWER;
      case 'team':
        return this.RATE_LIMIT_TEAM * Math.max(1, caller.seats);
    }
  }
}
