import { Injectable } from '@nestjs/common';
import Stripe from 'stripe';
import { Clock, Problem } from '@adiuva/kernel';
import { Database, Log, type Tx } from '@adiuva/platform';
import { BillingConfig } from '../billing.config';
import type { StripeEventHead } from '../payments/payment.port';
import { toPaymentEvent, type PaymentEvent } from '../stripe/payment-events';
import { deletedCustomerOf, readEvent, subscriptionEventOf } from '../stripe/stripe-event';
import { SubscriptionWriter } from '../subscriptions/subscription-writer.service';

/** `at` is the second in which Stripe made the event. */
export type PaymentListener = (tx: Tx, payment: PaymentEvent, at: number) => Promise<void>;

/** Seconds that a signature may be old, or ahead of our clock. */
const TOLERANCE_SECONDS = 300;
const EXPECTED = /^(?:customer\.subscription\.(?:created|updated|deleted)|charge\.(?:refunded|dispute\..+))$/;

/** Kept where no other event has named the customer yet, because events come in any order. */
const DELETE_CUSTOMER = `
  INSERT INTO stripe_customers (id, deleted_at) VALUES ($1, now()) ON CONFLICT (id) DO UPDATE SET deleted_at = now()`;

/**
 * Takes Stripe's events: verify, then one transaction that inserts the event's id, locks the rows, reduces and writes. Answers only after
 * the commit, so that Stripe repeats what was not stored.
 */
@Injectable()
export class StripeWebhooks {
  private readonly listeners: PaymentListener[] = [];

  constructor(
    private readonly config: BillingConfig,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly writer: SubscriptionWriter,
    private readonly log: Log,
  ) {}

  /** `listener` runs in the event's own transaction: its writes happen once, and its failure makes Stripe repeat the event. */
  onPayment(listener: PaymentListener): void {
    this.listeners.push(listener);
  }

  /**
   * Throws `not_configured` without a secret, `invalid_signature`, `malformed_request`, `unprocessable` for a thin event, `unavailable` when
   * the database is down.
   */
  async receive(raw: Uint8Array, signature: string | undefined): Promise<void> {
    await this.apply(this.verify(raw, signature ?? ''));
  }

  /** False for an event that was applied before. */
  async apply(event: StripeEventHead): Promise<boolean> {
    const subscription = subscriptionEventOf(event);
    const payment = toPaymentEvent(event);
    if (event.account === null && subscription === null && payment === null && EXPECTED.test(event.type))
      this.log.warn('stripe_event_without_effect', { reason: event.type });
    return this.database.transaction(async (tx) => {
      if (!(await this.writer.apply(tx, event, subscription))) return false;
      const deleted = deletedCustomerOf(event);
      if (deleted !== null) await tx.query(DELETE_CUSTOMER, [deleted]);
      if (payment === null) return true;
      for (const listener of this.listeners) await listener(tx, payment, event.created);
      return true;
    });
  }

  private verify(raw: Uint8Array, signature: string): StripeEventHead {
    const { webhookSecrets } = this.config;
    if (webhookSecrets.length === 0)
      throw new Problem('not_configured', { detail: 'STRIPE_WEBHOOK_SECRET is not set' });
    const now = this.clock.now().getTime();
    if (!isTimely(signature, now)) throw new Problem('invalid_signature');
    for (const secret of webhookSecrets) {
      const event = eventSignedBy(secret, raw, signature, now);
      if (event !== null) return readEvent(event, Math.floor(now / 1000));
    }
    throw new Problem('invalid_signature');
  }
}

/** The SDK accepts signatures of the future, and several times of which it takes the last. */
function isTimely(signature: string, now: number): boolean {
  const [time, ...more] = signature.split(',').filter((part) => part.startsWith('t='));
  const seconds = Number(time?.slice(2));
  return more.length === 0 && seconds >= 0 && seconds - Math.floor(now / 1000) <= TOLERANCE_SECONDS;
}

/** Null where `secret` did not sign these bytes. */
function eventSignedBy(secret: string, raw: Uint8Array, signature: string, now: number): object | null {
  try {
    const { webhooks } = Stripe;
    return webhooks.constructEvent(Buffer.from(raw), signature, secret, TOLERANCE_SECONDS, undefined, now);
  } catch (error) {
    if (error instanceof Stripe.errors.StripeSignatureVerificationError) return null;
    if (!isThin(raw)) throw new Problem('malformed_request', { detail: 'The body is not a Stripe event' });
    throw new Problem('unprocessable', {
      detail: 'Thin events are not supported: set the payload style of the webhook endpoint to snapshot',
    });
  }
}

/** The SDK refuses thin events, which name an object without carrying it. */
function isThin(raw: Uint8Array): boolean {
  try {
    const body: unknown = JSON.parse(Buffer.from(raw).toString('utf8'));
    return typeof body === 'object' && body !== null && Reflect.get(body, 'object') === 'v2.core.event';
  } catch {
    return false;
  }
}
