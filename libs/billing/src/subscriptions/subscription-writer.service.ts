import { Injectable } from '@nestjs/common';
import { jobKind, Jobs, type JobSpec, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { BillingConfig } from '../billing.config';
import { Entitlements, type Entitlement } from '../entitlements/entitlements.service';
import { SubscriptionPayments, type ReadSubscription } from '../payments/payment.port';
import { SubscriptionState, reduce, EMPTY_STATE, type SubscriptionUpdate } from '../state/subscription-state';
import { INSERT_EVENT, LIVE_VIEWS, LOCK_ENTITLEMENT, LOCK_SUBSCRIPTION, WRITE } from './subscription-sql';
import { entitlementOf, viewOf, type PlanRules, type SubscriptionView } from '../state/subscription-view';
import type { StripeEventHead, SubscriptionEvent } from '../stripe/stripe-event';

/** Asks Stripe for a subscription that events alone leave open, and whose it is. */
export const REFRESH_SUBSCRIPTION = jobKind('settle_subscription', z.object({ subscription: z.string() }));
/** Looks at a user's tier again when his grace ends. */
export const END_GRACE = jobKind('end_grace', z.object({ userId: z.uuid() }));

interface Held {
  readonly user_id: string | null;
  readonly claims: unknown;
  readonly version: number;
}

export interface Target {
  readonly subscription: string;
  readonly customer: string | null;
  readonly userId: string | null;
}

/** What an event makes of a subscription. */
export interface Change {
  readonly target: Target;
  readonly before: SubscriptionState;
  readonly claims: SubscriptionState;
  readonly view: SubscriptionView;
  /** Whose it was known to be before; null where that is not known. */
  readonly knownUser: string | null;
}

/** Keeps subscriptions as their news say, and the tiers of their users as the subscriptions say, always in one transaction. */
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

  /** Takes an event in, once, and tells whom it concerned. Null when it was taken before. */
  async apply(
    tx: Tx,
    event: StripeEventHead,
    about: SubscriptionEvent | null,
  ): Promise<{ userId: string | null } | null> {
    const { subscription = null, customer = null, userId = null, news = null } = about ?? {};
    const held = await tx.query<Held[]>(INSERT_EVENT, [
      event.id,
      event.type,
      subscription,
      customer,
      userId,
      JSON.stringify(EMPTY_STATE),
    ]);
    const [row] = held;
    if (!row) return null;
    if (subscription !== null && news !== null) {
      await this.applyTo(
        tx,
        { subscription, customer, userId: row.user_id },
        SubscriptionState.parse(row.claims),
        news,
        event.id,
      );
    } else if (row.user_id !== null && customer !== null) {
      await this.adopt(tx, customer, row.user_id, event.id);
    }
    return { userId: row.user_id };
  }

  /** Applies what Stripe answered. False when something was written since `version` was read, so that the answer may be older. */
  async settle(
    tx: Tx,
    read: ReadSubscription,
    version: number | null,
    userId: string | null,
    cause: string,
  ): Promise<boolean> {
    const owner = read.userId ?? userId;
    const rows = await tx.query<Held[]>(LOCK_SUBSCRIPTION, [
      read.id,
      read.customer,
      owner,
      JSON.stringify(EMPTY_STATE),
    ]);
    const [row] = rows;
    if (!row || (version !== null && row.version !== version)) return false;
    const target = { subscription: read.id, customer: read.customer, userId: row.user_id };
    await this.applyTo(
      tx,
      target,
      SubscriptionState.parse(row.claims),
      { kind: 'read', snapshot: read.snapshot },
      cause,
    );
    return true;
  }

  /** Holds a user's tier against his subscriptions. */
  async review(tx: Tx, userId: string, cause: string): Promise<void> {
    const locked = await tx.query<Entitlement[]>(LOCK_ENTITLEMENT, [userId]);
    if (locked[0]) await this.grant(tx, userId, locked[0], cause);
  }

  /** The jobs that follow: the end of a grace, and what only Stripe can tell, are looked at later. */
  followUps(change: Change): readonly JobSpec[] {
    const { target, view } = change;
    const jobs: JobSpec[] = [];
    if (target.userId !== null && view.graceUntil !== null && this.beginsGrace(change)) {
      const options = { key: `grace:${target.userId}`, runAt: new Date(view.graceUntil * 1000) };
      jobs.push(this.jobs.spec(END_GRACE, { userId: target.userId }, options));
    }
    if (this.mustSettle(change)) {
      const { subscription } = target;
      jobs.push(this.jobs.spec(REFRESH_SUBSCRIPTION, { subscription }, { key: `settle:${subscription}` }));
    }
    return jobs;
  }

  /** A grace that begins, moves, or belongs to somebody who was not known before. */
  private beginsGrace({ before, target, view, knownUser }: Change): boolean {
    if (target.userId === null || view.graceUntil === null || view.tier === null) return false;
    return knownUser === null || viewOf(before, this.rules).graceUntil !== view.graceUntil;
  }

  private mustSettle({ target, claims, view }: Change): boolean {
    return (target.userId === null && !claims.ended) || (this.payments.configured && isOpen(claims, view));
  }

  private async applyTo(
    tx: Tx,
    target: Target,
    claims: SubscriptionState,
    news: SubscriptionUpdate,
    cause: string,
  ): Promise<void> {
    const after = reduce(claims, news);
    const view = viewOf(after, this.rules);
    const written = await this.write(tx, target, after, view);
    if (written && target.userId !== null) await this.grant(tx, target.userId, written, cause);
    const change = { target, before: claims, claims: after, view, knownUser: null };
    for (const job of this.followUps(change)) await this.jobs.enqueue(tx, job);
  }

  /** A customer's user is known now: what he subscribes to is his. */
  private async adopt(tx: Tx, customer: string, userId: string, cause: string): Promise<void> {
    const locked = await tx.query<Entitlement[]>(WRITE, [null, '{}', '{}', false, userId, customer]);
    if (locked[0]) await this.grant(tx, userId, locked[0], cause);
  }

  private async write(
    tx: Tx,
    target: Target,
    claims: SubscriptionState,
    view: SubscriptionView,
  ): Promise<Entitlement | undefined> {
    const values = [
      target.subscription,
      JSON.stringify(claims),
      JSON.stringify(view),
      claims.ended,
      target.userId,
      target.customer,
    ];
    const locked = await tx.query<Entitlement[]>(WRITE, values);
    return locked[0];
  }

  private async grant(tx: Tx, userId: string, before: Entitlement, cause: string): Promise<void> {
    const rows = await tx.query<{ view: SubscriptionView; now: number }[]>(LIVE_VIEWS, [userId]);
    const now = rows[0]?.now ?? 0;
    const entitled = entitlementOf(
      rows.map((row) => row.view),
      now,
    );
    if (entitled.tier === before.tier && entitled.seats === before.seats) return;
    await this.entitlements.set(tx, userId, entitled, cause);
  }
}

/** Whether events alone do not say how the subscription stands. */
function isOpen(claims: SubscriptionState, view: SubscriptionView): boolean {
  return (
    !claims.ended &&
    (claims.tied || claims.snapshot === null || view.status !== claims.snapshot.status || view.tier === null)
  );
}
