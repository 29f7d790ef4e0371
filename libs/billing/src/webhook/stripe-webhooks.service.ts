import { Injectable } from '@nestjs/common';
import { Database, Log, type Tx } from '@adiuva/platform';
import { Entitlements } from '../entitlements/entitlements.service';
import { toPaymentEvent, type PaymentEvent } from '../stripe/payment-events';
import { QuickIntake } from '../quick-intake.service';
import { SignedEvents } from './signed-events.service';
import { subscriptionEventOf, type StripeEventHead } from '../stripe/stripe-event';
import { SubscriptionWriter } from '../subscriptions/subscription-writer.service';

/** What is told of an event beside its news: its id, and the second in which Stripe made it. */
export interface PaymentEventSource {
  readonly event: string;
  readonly at: number;
}

export type PaymentListener = (tx: Tx, news: PaymentEvent, source: PaymentEventSource) => Promise<void>;

const HANDLED = /^customer\.subscription\.(?:created|updated|deleted)$/;

/**
 * Takes Stripe's events in: each once, in any order, its id in the transaction of its effect. Answers only after the commit, so that what
 * was not stored comes again.
 */
@Injectable()
export class StripeWebhooks {
  private readonly listeners: PaymentListener[] = [];

  constructor(
    private readonly database: Database,
    private readonly ledger: SubscriptionWriter,
    private readonly quick: QuickIntake,
    private readonly entitlements: Entitlements,
    private readonly signed: SignedEvents,
    private readonly log: Log,
  ) {}

  /** `listener` runs in the event's own transaction: what it does there happens once, and what it throws makes Stripe come again. */
  onPayment(listener: PaymentListener): void {
    this.listeners.push(listener);
  }

  /** Throws `not_configured` without a secret, `invalid_signature`, `malformed_request`, `unavailable` when the database is down. */
  async receive(raw: Uint8Array, signature: string | undefined): Promise<void> {
    await this.take(this.signed.read(raw, signature));
  }

  private async take(event: StripeEventHead): Promise<void> {
    const about = subscriptionEventOf(event);
    const news = toPaymentEvent(event);
    if (about === null && news === null) return this.remember(event);
    const { subscription = null, news: said = null } = about ?? {};
    if (about !== null && subscription !== null && said !== null && news === null) {
      const quick = await this.quick.take({ event, about, subscription, news: said });
      if (quick.done) return this.forget(quick.userId);
    }
    const admitted = await this.database.transaction(async (tx) => {
      const fresh = await this.ledger.apply(tx, event, about);
      if (fresh === null || news === null) return fresh;
      for (const listener of this.listeners) await listener(tx, news, { event: event.id, at: event.created });
      return fresh;
    });
    this.forget(admitted?.userId ?? null);
  }

  /** Nothing follows from it. One that we should have understood is worth a line. */
  private async remember({ id, type, account }: StripeEventHead): Promise<void> {
    if (account === null && HANDLED.test(type)) this.log.warn('stripe_event_without_effect', { reason: type });
    await this.database.query('INSERT INTO stripe_events (id, type) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
      id,
      type,
    ]);
  }

  private forget(userId: string | null): void {
    if (userId !== null) this.entitlements.forget(userId);
  }
}
