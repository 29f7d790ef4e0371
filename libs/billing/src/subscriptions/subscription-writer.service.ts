import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { TIERS } from '@adiuva/kernel';
import { Jobs, type Tx } from '@adiuva/platform';
import { BillingConfig } from '../billing.config';
import { Entitlements, type Entitlement } from '../entitlements/entitlements.service';
import { SubscriptionPayments, type ReadSubscription, type StripeEventHead } from '../payments/payment.port';
import {
  EMPTY_STATE,
  reduce,
  SubscriptionState,
  type PlanRules,
  type SubscriptionUpdate,
} from '../state/subscription-state';
import { entitlementOf, viewOf, type SubscriptionView } from '../state/subscription-view';
import type { SubscriptionEvent } from '../stripe/stripe-event';
import { BILLING_NOTICE, END_GRACE, REFRESH_SUBSCRIPTION } from './subscription-job-kinds';
import { INSERT_EVENT, LOCK_ENTITLEMENT, LOCK_SUBSCRIPTION, SELECT_LIVE_VIEWS, WRITE } from './subscription-sql';

interface LockedRow {
  readonly user_id: string | null;
  readonly claims: unknown;
  readonly version: number;
}

type BillingNotice = z.infer<typeof BILLING_NOTICE.payload>;

const DAY_MS = 86_400_000;

interface Target {
  readonly subscription: string;
  readonly customer: string | null;
  readonly userId: string | null;
}

/** Keeps subscriptions as their events say, and the tiers of their users as the subscriptions say, always in one transaction. */
@Injectable()
export class SubscriptionWriter {
  readonly rules: PlanRules;

  constructor(
    private readonly entitlements: Entitlements,
    private readonly jobs: Jobs,
    private readonly payments: SubscriptionPayments,
    config: BillingConfig,
  ) {
    this.rules = { tierOf: (price) => config.tierOf(price), graceDays: config.BILLING_GRACE_DAYS };
  }

  /** Applies an event once. False when it was applied before. */
  async apply(tx: Tx, event: StripeEventHead, about: SubscriptionEvent | null): Promise<boolean> {
    const { subscription = null, customer = null, userId = null, update = null } = about ?? {};
    const values = [event.id, event.type, subscription, customer, userId, JSON.stringify(EMPTY_STATE)];
    const [row] = await tx.query<LockedRow[]>(INSERT_EVENT, values);
    if (!row) return false;
    const target = { customer, userId: row.user_id };
    if (subscription !== null && update !== null)
      await this.write(tx, { subscription, ...target }, row, update, event.id);
    else if (row.user_id !== null && customer !== null) await this.adopt(tx, customer, row.user_id, event.id);
    return true;
  }

  /** Applies what the API answered. False when something was written since `version` was read, so that the answer may be older. */
  async applyRead(
    tx: Tx,
    read: ReadSubscription,
    version: number | null,
    userId: string | null,
    cause: string,
  ): Promise<boolean> {
    const values = [read.id, read.customer, read.userId ?? userId, JSON.stringify(EMPTY_STATE)];
    const [row] = await tx.query<LockedRow[]>(LOCK_SUBSCRIPTION, values);
    if (!row || (version !== null && row.version !== version)) return false;
    const target = { subscription: read.id, customer: read.customer, userId: row.user_id };
    await this.write(tx, target, row, { kind: 'read', snapshot: read.snapshot }, cause);
    return true;
  }

  /** Sets a user's tier to what the subscriptions give now. */
  async review(tx: Tx, userId: string, cause: string): Promise<void> {
    const [before] = await tx.query<Entitlement[]>(LOCK_ENTITLEMENT, [userId]);
    if (before) await this.grant(tx, userId, before, cause);
  }

  private async write(
    tx: Tx,
    target: Target,
    row: LockedRow,
    update: SubscriptionUpdate,
    cause: string,
  ): Promise<void> {
    const known = SubscriptionState.parse(row.claims);
    const state = reduce(known, update, this.rules);
    const view = viewOf(state, this.rules);
    const { subscription, customer, userId } = target;
    const values = [subscription, JSON.stringify(state), JSON.stringify(view), state.ended, userId, customer];
    const [before] = await tx.query<Entitlement[]>(WRITE, values);
    if (before && userId !== null) await this.grant(tx, userId, before, cause);
    await this.enqueueFollowUps(tx, target, state, view);
    const { graceUntil } = view;
    const begins = graceUntil !== null && view.tier !== null && viewOf(known, this.rules).graceUntil === null;
    if (begins && userId !== null) await this.enqueueNotices(tx, userId, subscription, graceUntil);
  }

  /** A payment has become due: the user is told now, and again a day before the grace ends. */
  private async enqueueNotices(tx: Tx, userId: string, subscription: string, graceUntil: number): Promise<void> {
    const about = { userId, subscription, until: graceUntil * 1000 };
    await this.notify(tx, { ...about, notice: 'payment_failed' });
    await this.notify(tx, { ...about, notice: 'grace_ending' }, new Date(about.until - DAY_MS));
  }

  private async notify(tx: Tx, notice: BillingNotice, runAt?: Date): Promise<void> {
    const key = `billing-notice:${notice.userId}:${notice.notice}:${notice.subscription}`;
    await this.jobs.add(tx, BILLING_NOTICE, notice, runAt ? { key, runAt } : { key });
  }

  /** Jobs that review the end of a grace, or ask the API what events leave undecided. */
  private async enqueueFollowUps(
    tx: Tx,
    { subscription, userId }: Target,
    state: SubscriptionState,
    view: SubscriptionView,
  ): Promise<void> {
    if (userId !== null && view.graceUntil !== null && view.tier !== null) {
      const options = { key: `grace:${userId}`, runAt: new Date(view.graceUntil * 1000) };
      await this.jobs.add(tx, END_GRACE, { userId }, options);
    }
    const unowned = userId === null && !state.ended;
    if (unowned || (this.payments.configured && isUndecided(state, view)))
      await this.jobs.add(tx, REFRESH_SUBSCRIPTION, { subscription }, { key: `settle:${subscription}` });
  }

  /**
   * A customer's user is known now: the customer's subscriptions belong to that user. Where there is none, as when a plugin was bought, the tier
   * stays, which an administrator may have given.
   */
  private async adopt(tx: Tx, customer: string, userId: string, cause: string): Promise<void> {
    const values = [null, '{}', '{}', false, userId, customer];
    const [before] = await tx.query<(Entitlement & { readonly adopted: number })[]>(WRITE, values);
    if (before && before.adopted > 0) await this.grant(tx, userId, before, cause);
  }

  private async grant(tx: Tx, userId: string, before: Entitlement, cause: string): Promise<void> {
    const rows = await tx.query<{ id: string; view: SubscriptionView; now: number }[]>(SELECT_LIVE_VIEWS, [userId]);
    const views = rows.map((row) => row.view);
    const entitled = entitlementOf(views, rows[0]?.now ?? 0);
    if (entitled.tier === before.tier && entitled.seats === before.seats) return;
    await this.entitlements.set(tx, userId, entitled, cause);
    const lapsed = rows.find(({ view, now }) => view.graceUntil !== null && view.graceUntil <= now);
    if (lapsed && TIERS.indexOf(entitled.tier) < TIERS.indexOf(before.tier))
      await this.notify(tx, {
        ...{ userId, subscription: lapsed.id, notice: 'grace_ended' },
        until: (lapsed.view.graceUntil ?? 0) * 1000,
      });
  }
}

/** Whether events alone do not decide the state of the subscription. */
function isUndecided(state: SubscriptionState, view: SubscriptionView): boolean {
  const { ended, tied, snapshot } = state;
  return !ended && (tied || snapshot === null || view.status !== snapshot.status || view.tier === null);
}
