import { CONCURRENT_STREAMS, TIERS, type Tier } from '@adiuva/kernel';
import { Settings, setting } from '@adiuva/config';

const CONCURRENCY = setting.each('CHAT_STREAMS', TIERS, (tier) =>
  setting.integer(`Answers and runs in progress at the same time of one user of ${tier}`, CONCURRENT_STREAMS[tier], {
    min: 1,
  }),
);

export class ConcurrencyConfig extends Settings('Concurrency', CONCURRENCY) {
  max(tier: Tier): number {
    return this[setting.nameOf('CHAT_STREAMS', tier)];
  }
}
