import { TIERS, type Tier } from '@adiuva/kernel';
import { z } from 'zod';
import type { PaidTier } from '../billing.config';
import type { SubscriptionState, Snapshot } from './subscription-state';
import { isOver, isOwing, isPaidUp, rankOf, STATUSES, type SubscriptionStatus } from './subscription-status';

/** What a subscription comes to. Times are seconds since the epoch. */
export const SubscriptionView = z.object({
  status: z.enum(STATUSES),
  /** Null where its price is none of ours. */
  tier: z.enum(['pro', 'power', 'team']).nullable(),
  seats: z.number(),
  periodEnd: z.number().nullable(),
  cancelAtPeriodEnd: z.boolean(),
  /** Until when the tier stays although a payment is owed; null where none is. */
  graceUntil: z.number().nullable(),
});

export type SubscriptionView = Readonly<z.infer<typeof SubscriptionView>>;

export interface PlanRules {
  readonly tierOf: (price: string) => PaidTier | null;
  readonly graceDays: number;
}

const DAY = 86_400;

export function viewOf(claims: SubscriptionState, rules: PlanRules): SubscriptionView {
  const status = statusOf(claims);
  const { snapshot, sale } = claims;
  const { tier, seats } = snapshot ? planOf(snapshot, rules) : { tier: sale?.plan ?? null, seats: sale?.seats ?? 1 };
  const since = isOwing(status) ? owingSince(claims) : null;
  return {
    status,
    tier,
    seats: tier === 'team' ? Math.max(1, seats) : 1,
    periodEnd: snapshot?.periodEnd ?? null,
    cancelAtPeriodEnd: snapshot?.ending ?? false,
    graceUntil: since === null ? null : since + rules.graceDays * DAY,
  };
}

/** The tier and seats that a user's subscriptions give him at `now` (seconds): the highest that is paid for or in its grace. */
export function entitlementOf(
  views: readonly SubscriptionView[],
  now: number,
): { readonly tier: Tier; readonly seats: number } {
  return views
    .filter(
      (view) => isPaidUp(view.status) || (isOwing(view.status) && view.graceUntil !== null && now < view.graceUntil),
    )
    .map(({ tier, seats }): { tier: Tier; seats: number } => ({ tier: tier ?? 'free', seats }))
    .reduce((best, other) => (isMore(other, best) ? other : best), { tier: 'free', seats: 1 });
}

function isMore(one: { tier: Tier; seats: number }, other: { tier: Tier; seats: number }): boolean {
  const order = TIERS.indexOf(one.tier) - TIERS.indexOf(other.tier);
  return order > 0 || (order === 0 && one.seats > other.seats);
}

/** Payments speak after the snapshot where they came after it; in the same second the higher rank holds. */
function statusOf(claims: SubscriptionState): SubscriptionStatus {
  const { snapshot, sale, paid } = claims;
  if (claims.ended) return snapshot && isOver(snapshot.status) ? snapshot.status : 'canceled';
  const status = snapshot?.status ?? (sale?.paid ? 'active' : 'incomplete');
  const at = snapshot?.at ?? sale?.at ?? 0;
  const failedAt = Math.max(
    0,
    ...claims.owing.filter((mark) => isUnpaid(mark.invoice, paid?.invoice)).map((mark) => mark.at),
  );
  const speaks = (time: number, word: SubscriptionStatus) =>
    time > at || (time === at && rankOf(word) > rankOf(status));
  if (failedAt > 0 && failedAt >= (paid?.at ?? 0) && isPaidUp(status) && speaks(failedAt, 'past_due'))
    return 'past_due';
  if (sale?.paid && status === 'incomplete' && speaks(sale.at, 'active')) return 'active';
  if (paid && (isOwing(status) || status === 'incomplete') && speaks(paid.at, 'active')) return 'active';
  return status;
}

/** An invoice that has been paid does not fail afterwards, whatever the seconds say. */
function isUnpaid(invoice: string | null, paidInvoice: string | null | undefined): boolean {
  return invoice === null || invoice !== paidInvoice;
}

function owingSince({ owing, paid, snapshot }: SubscriptionState): number {
  const times = owing.filter((mark) => isUnpaid(mark.invoice, paid?.invoice)).map((mark) => mark.at);
  return times.length > 0 ? Math.min(...times) : (snapshot?.at ?? 0);
}

function planOf(snapshot: Snapshot, rules: PlanRules): { tier: PaidTier | null; seats: number } {
  const ours = snapshot.items.flatMap(({ price, quantity }) => {
    const tier = rules.tierOf(price);
    return tier ? [{ tier, seats: quantity }] : [];
  });
  const [first] = ours.sort((a, b) => (isMore(a, b) ? -1 : 1));
  return first ?? { tier: snapshot.plan, seats: snapshot.items[0]?.quantity ?? 1 };
}
