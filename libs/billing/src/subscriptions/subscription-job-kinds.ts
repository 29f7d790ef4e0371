import { jobKind } from '@adiuva/platform';
import { z } from 'zod';

/** Asks Stripe for a subscription that events alone leave undecided, and for its owner. */
export const REFRESH_SUBSCRIPTION = jobKind('settle_subscription', z.object({ subscription: z.string() }));

/** Reviews a user's tier when the grace ends. */
export const END_GRACE = jobKind('end_grace', z.object({ userId: z.uuid() }));
