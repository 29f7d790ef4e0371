/** Statuses of Stripe, by rank: of two in the same second the later in this list holds. https://docs.stripe.com/api/subscriptions/object#subscription_object-status. */
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

/** A subscription that has ended never comes back; buying again makes another one. */
export function isOver(status: SubscriptionStatus): boolean {
  return status === 'canceled' || status === 'incomplete_expired';
}

export function isPaidUp(status: SubscriptionStatus): boolean {
  return status === 'active' || status === 'trialing';
}

/** A payment is due; the tier stays for the grace. */
export function isPastDue(status: SubscriptionStatus): boolean {
  return status === 'past_due' || status === 'unpaid';
}
