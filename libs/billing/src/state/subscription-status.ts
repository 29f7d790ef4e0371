/** Stripe's words: https://docs.stripe.com/api/subscriptions/object#subscription_object-status. In order of rank: of two that were said in the same second the later one in this list holds. */
export const STATUSES = [
  'incomplete',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'incomplete_expired',
  'canceled',
] as const;

export type SubscriptionStatus = (typeof STATUSES)[number];

export function rankOf(status: SubscriptionStatus): number {
  return STATUSES.indexOf(status);
}

/** A subscription that has ended never comes back; who buys again gets another one. */
export function isOver(status: SubscriptionStatus): boolean {
  return status === 'canceled' || status === 'incomplete_expired';
}

export function isPaidUp(status: SubscriptionStatus): boolean {
  return status === 'active' || status === 'trialing';
}

/** A payment is owed; the tier stays for the grace. */
export function isOwing(status: SubscriptionStatus): boolean {
  return status === 'past_due' || status === 'unpaid';
}
