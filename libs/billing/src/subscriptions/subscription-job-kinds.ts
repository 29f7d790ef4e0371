import { jobKind } from '@adiuva/platform';
import { z } from 'zod';

/** Asks Stripe for a subscription that events alone leave undecided, and for its owner. */
export const REFRESH_SUBSCRIPTION = jobKind('settle_subscription', z.object({ subscription: z.string() }));

/** Reviews a user's tier when the grace ends. */
export const END_GRACE = jobKind('end_grace', z.object({ userId: z.uuid() }));

/** What the user is told about payments; a lib of a higher layer handles it. `until` is the end of the grace. */
export const BILLING_NOTICE = jobKind(
  'billing_notice',
  z.object({
    userId: z.uuid(),
    subscription: z.string(),
    notice: z.enum(['payment_failed', 'grace_ending', 'grace_ended']),
    until: z.number().int(),
  }),
);
