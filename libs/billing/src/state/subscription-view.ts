import { TIERS, type Tier } from '@adiuva/kernel';
import { z } from 'zod';
import { PAID_TIERS, type PaidTier } from '../billing.config';
import type { PlanRules, Snapshot, SubscriptionState } from './subscription-state';
import { isOver, isPaidUp, isPastDue, rankOf, STATUSES, type SubscriptionStatus } from './subscription-status';

/** What a subscription amounts to. Times are seconds since the epoch. */
export const SubscriptionView = z.object({
  status: z.enum(STATUSES),
  /** Null where no price of ours was ever in it. */
  tier: z.enum(PAID_TIERS).nullable(),
  seats: z.number(),
  periodEnd: z.number().nullable(),
  cancelAtPeriodEnd: z.boolean(),
  /** Until when the tier stays although a payment is due; null where none is. */
  graceUntil: z.number().nullable(),
});

export type SubscriptionView = Readonly<z.infer<typeof SubscriptionView>>;

const DAY = 86_400;

export function viewOf(state: SubscriptionState, rules: PlanRules): SubscriptionView {
  const status = statusOf(state);
  const { snapshot } = state;
  const { tier, seats } = planOf(state, rules);
  const since = isPastDue(status) ? pastDueSince(state) : null;
  return {
    status,
    tier,
    seats: tier === 'team' ? Math.max(1, seats) : 1,
    periodEnd: snapshot?.periodEnd ?? null,
    cancelAtPeriodEnd: snapshot?.ending ?? false,
    graceUntil: since === null ? null : since + rules.graceDays * DAY,
  };
}

/** The tier and seats that a user's subscriptions give at `now` (seconds): the highest that is paid for or in its grace. */
export function entitlementOf(
  views: readonly SubscriptionView[],
  now: number,
): { readonly tier: Tier; readonly seats: number } {
  return views
    .filter(
      (view) => isPaidUp(view.status) || (isPastDue(view.status) && view.graceUntil !== null && now < view.graceUntil),
    )
    .map(({ tier, seats }): { tier: Tier; seats: number } => ({ tier: tier ?? 'free', seats }))
    .reduce((best, other) => (isMore(other, best) ? other : best), { tier: 'free', seats: 1 });
}

/** The highest tier among the prices of a snapshot; null where none is ours. */
export function pricedPlan(snapshot: Snapshot | null, rules: PlanRules): { tier: PaidTier; seats: number } | null {
  const plans = (snapshot?.items ?? []).flatMap(({ price, quantity }) => {
    const tier = rules.tierOf(price);
    return tier ? [{ tier, seats: quantity }] : [];
  });
  return plans.sort((a, b) => (isMore(a, b) ? -1 : 1))[0] ?? null;
}

function planOf({ snapshot, priced, sale }: SubscriptionState, rules: PlanRules) {
  const plan = pricedPlan(snapshot, rules) ?? pricedPlan(priced, rules);
  if (plan) return plan;
  if (snapshot) return { tier: snapshot.plan, seats: snapshot.items[0]?.quantity ?? 1 };
  return { tier: sale?.plan ?? null, seats: sale?.seats ?? 1 };
}

function isMore(one: { tier: Tier; seats: number }, other: { tier: Tier; seats: number }): boolean {
  const order = TIERS.indexOf(one.tier) - TIERS.indexOf(other.tier);
  return order > 0 || (order === 0 && one.seats > other.seats);
}

/** A payment counts after the snapshot where it came after it; in the same second the higher rank holds. */
function statusOf(state: SubscriptionState): SubscriptionStatus {
  const { snapshot, sale, paid } = state;
  if (state.ended) return snapshot && isOver(snapshot.status) ? snapshot.status : 'canceled';
  const status = snapshot?.status ?? (sale?.paid ? 'active' : 'incomplete');
  const at = snapshot?.at ?? sale?.at ?? 0;
  const failures = state.pastDue.filter((mark) => isUnpaid(mark.invoice, paid?.invoice)).map((mark) => mark.at);
  const failedAt = Math.max(0, ...failures);
  const overrules = (time: number, next: SubscriptionStatus) =>
    time > at || (time === at && rankOf(next) > rankOf(status));
  if (failedAt > 0 && failedAt >= (paid?.at ?? 0) && isPaidUp(status) && overrules(failedAt, 'past_due'))
    return 'past_due';
  if (sale?.paid && status === 'incomplete' && overrules(sale.at, 'active')) return 'active';
  if (paid && (isPastDue(status) || status === 'incomplete') && overrules(paid.at, 'active')) return 'active';
  return status;
}

/** An invoice that was paid does not fail afterwards, whatever the timestamps are. */
function isUnpaid(invoice: string | null, paidInvoice: string | null | undefined): boolean {
  return invoice === null || invoice !== paidInvoice;
}

function pastDueSince({ pastDue, paid, snapshot }: SubscriptionState): number {
  const times = pastDue.filter((mark) => isUnpaid(mark.invoice, paid?.invoice)).map((mark) => mark.at);
  return times.length > 0 ? Math.min(...times) : (snapshot?.at ?? 0);
}
