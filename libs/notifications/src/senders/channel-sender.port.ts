import type { MailLanguage } from '@adiuva/mail';
import type { ChannelKind, Urgency } from '../notification';
import type { Content } from '../notification-encryption';

/** One message to one channel. */
export interface OutgoingMessage {
  readonly userId: string;
  readonly notificationId: string;
  readonly position: number;
  readonly attempt: number;
  /** After the last attempt: the sender only asks the provider whether an earlier one has reached it. */
  readonly isLookup: boolean;
  /** When the first attempt was claimed, by the database's clock. */
  readonly firstClaimedAt: Date;
  readonly address: string;
  readonly includeContent: boolean;
  readonly content: Content;
  readonly urgency: Urgency;
  readonly language: MailLanguage;
  readonly expiresAt: Date | null;
}

export type SendOutcome =
  | { readonly kind: 'sent'; readonly providerId?: string }
  /** Nothing was sent, or the next attempt asks the provider whether it was. */
  | {
      readonly kind: 'retry';
      readonly code: string;
      readonly afterMs?: number | undefined;
      readonly mayBeSent?: boolean;
    }
  /** Nothing was sent, and the attempt does not count; later steps of the chain move along. */
  | { readonly kind: 'busy'; readonly afterMs: number }
  /** As `busy`, but later steps keep their times. */
  | { readonly kind: 'deferred'; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly code: string }
  /** The address exists no longer. */
  | { readonly kind: 'gone'; readonly code: string };

/** Sends by one kind of channel. An attempt after the first must not reach a person twice. */
export abstract class ChannelSender {
  abstract readonly kind: ChannelKind;
  /** Never throws for what the provider answers. */
  abstract send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome>;
}
