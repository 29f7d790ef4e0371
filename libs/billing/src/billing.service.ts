import { Injectable } from '@nestjs/common';
import { featuresOf, invalidField, Problem, type Features, type Principal, type Tier } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { ServerConfig } from '@adiuva/config';
import { Database, Log } from '@adiuva/platform';
import { BillingConfig, type PaidTier } from './billing.config';
import { returnPages, type ReturnUrls } from './payments/return-pages';
import { SubscriptionPayments } from './payments/payment.port';
import { SubscriptionWriter } from './subscriptions/subscription-writer.service';
import type { SubscriptionStatus } from './state/subscription-status';
import type { SubscriptionView } from './state/subscription-view';

/** A user's subscription; `none` where there never was one. */
export interface SubscriptionSummary {
  readonly tier: Tier;
  readonly status: SubscriptionStatus | 'none';
  readonly seats: number;
  readonly currentPeriodEnd: Date | null;
  readonly cancelAtPeriodEnd: boolean;
  readonly features: Features;
}

interface Row {
  readonly id: string;
  readonly view: SubscriptionView;
  readonly ended: boolean;
}

/** A user's own subscription: buying, changing, reading, cancelling. */
@Injectable()
export class Billing {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly writer: SubscriptionWriter,
    private readonly config: BillingConfig,
    private readonly server: ServerConfig,
    private readonly log: Log,
  ) {}

  /**
   * The page where a tier is paid. Only the last page of a user stays open, and none while an earlier one is paid, so that no user pays twice. Throws `not_configured`, `conflict`
   * when there is a subscription already (the portal changes it), and what `SubscriptionPayments` throws.
   */
  async checkout(buyer: Principal, tier: PaidTier, seats: number): Promise<string> {
    if (seats > 1 && tier !== 'team') {
      throw invalidField('seats', 'more than 1 only for team');
    }
    this.assertConfigured();
    const price = this.config.priceOf(tier);
    if (price.id === undefined) throw new Problem('not_configured', { detail: `${price.setting} is not set` });
    await this.assertNone(buyer);
    const customer = await this.customerOf(buyer.userId);
    const order = { userId: buyer.userId, customer, tier, price: price.id, seats, returnUrls: this.returnUrls };
    const page = await this.payments.openCheckout(order);
    try {
      const paid = await this.closeEarlierPage(buyer.userId, page.id);
      if (paid !== null) await this.assertEnded(buyer, paid);
    } catch (error) {
      // No client gets its address; of an account that is erased nothing may be paid.
      await this.close(buyer.userId, page.id);
      throw error;
    }
    return page.url;
  }

  /** The page where cards, plan and seats are changed. Throws `not_found` for a user who has never bought anything. */
  async portal(caller: Principal): Promise<string> {
    this.assertConfigured();
    const customer = await this.customerOf(caller.userId);
    if (customer === null) throw new Problem('not_found', { detail: 'Nothing has been bought yet' });
    return this.payments.openPortal(
      customer,
      this.config.BILLING_RETURN_URL ?? returnPages(this.server.publicUrl).portal,
    );
  }

  /** The tier in force, and the subscription that it comes from; needs no key. */
  async subscription(caller: Principal): Promise<SubscriptionSummary> {
    const rows = await this.rowsOf(caller.userId);
    const view = (
      rows.find((row) => row.view.tier === caller.tier && !row.ended) ??
      rows.find((row) => !row.ended) ??
      rows[0]
    )?.view;
    return {
      tier: caller.tier,
      status: view?.status ?? 'none',
      seats: caller.seats,
      currentPeriodEnd: typeof view?.periodEnd === 'number' ? new Date(view.periodEnd * 1000) : null,
      cancelAtPeriodEnd: view?.cancelAtPeriodEnd ?? false,
      features: featuresOf(caller.tier),
    };
  }

  /** Nothing is taken away before the period ends. Throws `not_found` where there is nothing to cancel. */
  async cancel(caller: Principal): Promise<void> {
    this.assertConfigured();
    const row = await this.live(caller);
    if (!row) throw new Problem('not_found', { detail: 'There is no subscription' });
    const read = await this.payments.cancelAtPeriodEnd(row.id);
    await this.database.transaction((tx) => this.writer.applyRead(tx, read, null, caller.userId, 'cancelled'));
  }

  /** Until when a tier stays although a payment is due; null where none is. */
  async graceUntil(userId: string): Promise<Date | null> {
    const ends = (await this.rowsOf(userId)).flatMap(({ view, ended }) => (ended ? [] : (view.graceUntil ?? [])));
    return ends.length === 0 ? null : new Date(Math.max(...ends) * 1000);
  }

  /** The user's customer at Stripe, or null while there is none. */
  async customerOf(userId: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      'SELECT id FROM stripe_customers WHERE user_id = $1 AND deleted_at IS NULL ORDER BY created_at DESC, id LIMIT 1',
      [userId],
    );
    return row?.id ?? null;
  }

  /** The one that may still be charged. */
  private async live({ userId }: Principal): Promise<Row | undefined> {
    const rows = await this.rowsOf(userId);
    return rows.find((row) => !row.ended && row.view.status !== 'incomplete');
  }

  private async assertNone(buyer: Principal): Promise<void> {
    if (await this.live(buyer))
      throw new Problem('conflict', {
        detail: 'There is a subscription already; plan and seats are changed in the portal',
      });
  }

  /** The earlier page was paid, and its event may not have arrived. */
  private async assertEnded(buyer: Principal, subscription: string): Promise<void> {
    const read = await this.payments.subscription(subscription);
    if (read) await this.database.transaction((tx) => this.writer.applyRead(tx, read, null, buyer.userId, 'asked'));
    await this.assertNone(buyer);
  }

  /** Newest first. */
  private rowsOf(userId: string): Promise<Row[]> {
    return this.database.query<Row>(
      `SELECT id, view, ended FROM subscriptions WHERE user_id = $1 AND view ? 'status'
       ORDER BY ended, (claims -> 'snapshot' ->> 'at')::float8 DESC NULLS LAST, id LIMIT 100`,
      [userId],
    );
  }

  /** The subscription that was bought on the earlier page, or null. */
  private async closeEarlierPage(userId: string, session: string): Promise<string | null> {
    const earlier = await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId);
      const before = await tx.query<{ session: string }[]>(
        `INSERT INTO open_checkouts (user_id, session) VALUES ($1, '')
         ON CONFLICT (user_id) DO UPDATE SET user_id = excluded.user_id RETURNING session`,
        [userId],
      );
      await tx.query('UPDATE open_checkouts SET session = $2, opened_at = now() WHERE user_id = $1', [userId, session]);
      return before[0]?.session ?? '';
    });
    return earlier === '' || earlier === session ? null : this.close(userId, earlier);
  }

  private async close(userId: string, session: string): Promise<string | null> {
    try {
      return await this.payments.closeCheckout(session);
    } catch (error) {
      this.log.warn('checkout_left_open', { user_id: userId, error });
      return null;
    }
  }

  private assertConfigured(): void {
    if (!this.payments.configured) throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
  }

  private get returnUrls(): ReturnUrls {
    const { BILLING_RETURN_URL: url } = this.config;
    return url === undefined ? returnPages(this.server.publicUrl).payment : { success: url, cancel: url };
  }
}
