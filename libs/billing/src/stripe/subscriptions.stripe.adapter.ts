import type { Clock } from '@adiuva/kernel';
import {
  SubscriptionPayments,
  type PaymentPage,
  type ReadSubscription,
  type StripeEventHead,
  type SubscriptionOrder,
} from '../payments/payment.port';
import type { StripeClient } from './stripe-client.adapter';
import { EVENT_TYPES } from './event-types';
import { isMissing, refusalOf } from './stripe-error';
import { readEvent } from './stripe-event';
import { READ } from '../state/subscription-state';
import { aboutSubscription, idOf, snapshotOf, StripeSubscription, userOf } from './stripe-object';

const PAGE = 100;
/** Events of connected accounts are not in the platform's list. */
const LISTED = EVENT_TYPES.filter((type) => type !== 'account.updated');
/** An answer overrules events up to a little before it, because Stripe's clock is not ours. */
const SKEW_SECONDS = 300;

export class StripeSubscriptions extends SubscriptionPayments {
  readonly configured = true;

  constructor(
    private readonly client: StripeClient,
    private readonly clock: Clock,
  ) {
    super();
  }

  async openCheckout({ userId, customer, tier, price, seats, returnUrls }: SubscriptionOrder): Promise<PaymentPage> {
    const metadata = { user_id: userId, tier, seats: String(seats) };
    const session = await this.client.call((stripe, options) =>
      stripe.checkout.sessions.create(
        {
          mode: 'subscription',
          line_items: [{ price, quantity: seats }],
          client_reference_id: userId,
          ...(customer === null ? {} : { customer }),
          metadata,
          subscription_data: { metadata },
          success_url: returnUrls.success,
          cancel_url: returnUrls.cancel,
        },
        options,
      ),
    );
    return { id: session.id, url: session.url ?? '' };
  }

  async closeCheckout(session: string): Promise<string | null> {
    try {
      await this.client.call(
        (stripe, options) => stripe.checkout.sessions.expire(session, {}, options),
        undefined,
        isSettled,
      );
      return null;
    } catch (error) {
      if (!isSettled(error)) throw error;
    }
    try {
      const { subscription } = await this.client.call(
        (stripe, options) => stripe.checkout.sessions.retrieve(session, {}, options),
        undefined,
        isMissing,
      );
      return idOf(subscription);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async openPortal(customer: string, returnUrl: string): Promise<string> {
    const session = await this.client.call((stripe, options) =>
      stripe.billingPortal.sessions.create({ customer, return_url: returnUrl }, options),
    );
    return session.url;
  }

  async subscription(id: string): Promise<ReadSubscription | null> {
    try {
      const found = await this.client.call(
        (stripe, options) => stripe.subscriptions.retrieve(id, {}, options),
        undefined,
        isMissing,
      );
      return this.read(found);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async *subscriptions(): AsyncIterable<ReadSubscription> {
    let after: string | undefined;
    do {
      const starting = after === undefined ? {} : { starting_after: after };
      const page = await this.client.call((stripe, options) =>
        stripe.subscriptions.list({ status: 'all', limit: PAGE, ...starting }, options),
      );
      for (const subscription of page.data) yield this.read(subscription);
      after = page.has_more ? page.data.at(-1)?.id : undefined;
    } while (after !== undefined);
  }

  async *events(since: Date): AsyncIterable<StripeEventHead> {
    const created = { gte: Math.floor(since.getTime() / 1000) };
    let after: string | undefined;
    do {
      const starting = after === undefined ? {} : { starting_after: after };
      const page = await this.client.call((stripe, options) =>
        stripe.events.list({ created, types: LISTED, limit: PAGE, ...starting }, options),
      );
      for (const event of page.data) yield readEvent(event, created.gte);
      after = page.has_more ? page.data.at(-1)?.id : undefined;
    } while (after !== undefined);
  }

  async cancelAtPeriodEnd(id: string): Promise<ReadSubscription> {
    const changed = await this.client.call((stripe, options) =>
      stripe.subscriptions.update(id, { cancel_at_period_end: true }, options),
    );
    return this.read(changed);
  }

  async userOfCustomer(customer: string): Promise<string | null> {
    try {
      const found = await this.client.call(
        (stripe, options) => stripe.customers.retrieve(customer, {}, options),
        undefined,
        isMissing,
      );
      return 'metadata' in found && found.metadata ? userOf(found.metadata) : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async eraseCustomer(customer: string): Promise<void> {
    await this.client
      .call((stripe, options) => stripe.customers.del(customer, {}, options), undefined, isMissing)
      .catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
  }

  private read(object: unknown): ReadSubscription {
    const parsed = StripeSubscription.parse(object);
    const { customer, userId } = aboutSubscription(parsed);
    const at = Math.floor(this.clock.now().getTime() / 1000) - SKEW_SECONDS;
    return { id: parsed.id, customer, userId, snapshot: snapshotOf(parsed, at, READ, 'read') };
  }
}

/** A page that is paid, expired or unknown needs no closing. */
function isSettled(error: unknown): boolean {
  return refusalOf(error)?.type === 'StripeInvalidRequestError';
}
