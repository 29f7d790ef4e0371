import type { ChannelKind } from '../notification';
import type { ChannelSender } from './channel-sender.port';

/** The senders that are configured. */
export class ChannelSenders {
  constructor(private readonly senders: readonly ChannelSender[]) {}

  of(kind: ChannelKind): ChannelSender | undefined {
    return this.senders.find((sender) => sender.kind === kind);
  }
}
