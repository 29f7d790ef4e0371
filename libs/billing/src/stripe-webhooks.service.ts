import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { Database, Log, type Tx } from '@adiuva/platform';
import { BillingConfig } from './billing.config';
import { Entitlements } from './entitlements.service';
import { paymentNewsOf, type PaymentNews } from './payment-news';
import { readEvent, subscriptionEventOf, type StripeEventHead } from './stripe-event';
import { isSigned } from './stripe-signature';
import { SubscriptionLedger } from './subscription-ledger.service';

/** What is told of an event beside its news: its id, and the second in which Stripe made it. */
export interface NewsSource {
  readonly event: string;
  readonly at: number;
}

export type PaymentListener = (tx: Tx, news: PaymentNews, source: NewsSource) => Promise<void>;

const HANDLED =
  /^(?:checkout\.session\.completed|customer\.subscription\.(?:created|updated|deleted)|invoice\.(?:paid|payment_failed))$/;

/**
 * Takes Stripe's events in: each once, in any order, its id in the transaction of its effect. Answers only after the commit, so that what
 * was not stored comes again.
 */
@Injectable()
export class StripeWebhooks {
  private readonly listeners: PaymentListener[] = [];

  constructor(
    private readonly database: Database,
    private readonly ledger: SubscriptionLedger,
    private readonly entitlements: Entitlements,
    private readonly config: BillingConfig,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** `listener` runs in the event's own transaction: what it does there happens once, and what it throws makes Stripe come again. */
  onPayment(listener: PaymentListener): void {
    this.listeners.push(listener);
  }

  /** Throws `not_configured` without a secret, `invalid_signature`, `malformed_request`, `unavailable` when the database is down. */
  async receive(raw: Uint8Array, signature: string | undefined): Promise<void> {
    const secrets = this.config.webhookSecrets;
    if (secrets.length === 0) throw new Problem('not_configured', { detail: 'STRIPE_WEBHOOK_SECRET is not set' });
    const now = Math.floor(this.clock.now().getTime() / 1000);
    if (signature === undefined || !isSigned(raw, signature, secrets, now)) throw new Problem('invalid_signature');
    const event = readEvent(raw, now);
    await this.take(event);
  }

  private async take(event: StripeEventHead): Promise<void> {
    const about = subscriptionEventOf(event);
    const news = paymentNewsOf(event);
    if (about === null && news === null && event.account === null && HANDLED.test(event.type)) {
      this.log.warn('stripe_event_unreadable', { reason: event.type });
    }
    const admitted = await this.database.transaction(async (tx) => {
      const fresh = await this.ledger.admit(tx, event, about);
      if (fresh === null || news === null) return fresh;
      for (const listener of this.listeners) await listener(tx, news, { event: event.id, at: event.created });
      return fresh;
    });
    if (typeof admitted?.userId === 'string') this.entitlements.forget(admitted.userId);
  }
}
