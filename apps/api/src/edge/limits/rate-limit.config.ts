import { holderOf, perSeat, REQUESTS_PER_MINUTE, TIERS, type Principal } from '@adiuva/kernel';
import { Settings, setting } from '@adiuva/config';

const LIMITS = {
  ...setting.each('RATE_LIMIT', TIERS, (tier) =>
    setting.integer(`Requests a minute ${holderOf(tier)}`, REQUESTS_PER_MINUTE[tier], { min: 1 }),
  ),
  SYNC_LIMIT_MIB: setting.integer('MiB a minute that the devices of a user may read in change feeds and batches', 256, {
    min: 1,
    max: 1_000_000,
  }),
};

export class RateLimitConfig extends Settings('Rate limits', LIMITS) {
  perMinute(caller: Principal): number {
    return perSeat(this[setting.nameOf('RATE_LIMIT', caller.tier)], caller);
  }
}
