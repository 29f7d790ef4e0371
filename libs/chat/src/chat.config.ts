import { CONCURRENT_STREAMS, TIERS, type Tier } from '@adiuva/kernel';
import { Settings, setting } from '@adiuva/config';

const CHAT = {
  CHAT_CLIENT_TIMEOUT_MS: setting.integer('Milliseconds that the desktop app has to answer a tool call', 30_000, {
    min: 10,
  }),
  CHAT_DETACHED_TTL_MS: setting.integer(
    'Milliseconds that an answer continues for a disconnected app, and that an ended one can be resumed',
    75_000,
    { min: 10 },
  ),
  ...setting.each('CHAT_STREAMS', TIERS, (tier) =>
    setting.integer(`Answers in progress at the same time of one user of ${tier}`, CONCURRENT_STREAMS[tier], {
      min: 1,
    }),
  ),
};

export class ChatConfig extends Settings('Chat', CHAT) {
  maxStreams(tier: Tier): number {
    return this[setting.nameOf('CHAT_STREAMS', tier)];
  }
}
