import { z } from 'zod';
import { SubscriptionState, reduce, EMPTY_STATE, type SubscriptionUpdate } from './state/subscription-state';
import { entitlementOf, SubscriptionView, viewOf, type PlanRules } from './state/subscription-view';

/** What `billing_look` tells of a subscription, of the user whose it is, and of what else he subscribes to. `now` is the database's, in seconds. */
export const SeenSubscription = z.object({
  userId: z.string().nullable(),
  /** Whose it was written down to be; the user above may have become known since. */
  heldBy: z.string().nullable(),
  claims: SubscriptionState.nullable(),
  version: z.number().nullable(),
  tier: z.enum(['free', 'pro', 'power', 'team']).nullable(),
  seats: z.number().nullable(),
  revision: z.number().nullable(),
  others: z.array(SubscriptionView),
  now: z.number(),
});

export type SeenSubscription = Readonly<z.infer<typeof SeenSubscription>>;

/** What news make of what was seen: claims before and after, and the entitlement. */
export function withNews(seen: SeenSubscription, news: SubscriptionUpdate, rules: PlanRules) {
  const before = seen.claims ?? EMPTY_STATE;
  const claims = reduce(before, news);
  const view = viewOf(claims, rules);
  const entitled = entitlementOf(claims.ended ? seen.others : [...seen.others, view], seen.now);
  const had = { tier: seen.tier ?? 'free', seats: seen.seats ?? 1 };
  return { before, claims, view, entitled, had };
}

/** What a look would tell once those news have been written. */
export function seenAfter(seen: SeenSubscription, { claims, entitled }: ReturnType<typeof withNews>): SeenSubscription {
  return {
    ...seen,
    ...entitled,
    claims,
    heldBy: seen.userId,
    version: (seen.version ?? 0) + 1,
    revision: seen.revision === null ? 0 : seen.revision + 1,
  };
}
