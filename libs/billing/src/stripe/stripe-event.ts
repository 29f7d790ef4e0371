import { Problem } from '@adiuva/kernel';
import { z } from 'zod';
import type { StripeEventHead } from '../payments/payment.port';
import {
  aboutInvoice,
  aboutSession,
  aboutSubscription,
  paymentOf,
  saleOf,
  snapshotOf,
  StripeInvoice,
  StripeSession,
  StripeSubscription,
  type About,
} from './stripe-object';
import type { SubscriptionUpdate } from '../state/subscription-state';

/** What an event tells of a subscription, or only which customer belongs to which user. */
export interface SubscriptionEvent extends About {
  readonly update: SubscriptionUpdate | null;
}

const VISIBLE = /^[\x21-\x7e]{1,255}$/;

const Event = z.object({
  id: z.string().regex(VISIBLE),
  type: z.string().regex(VISIBLE),
  created: z.number().int().nonnegative().optional(),
  account: z.string().nullish(),
  data: z.object({ object: z.unknown() }).optional(),
});

/** `event` is what the SDK parsed; `now` (seconds) replaces a missing time. Throws `malformed_request`. */
export function readEvent(event: unknown, now: number): StripeEventHead {
  const parsed = Event.safeParse(event);
  if (!parsed.success) throw new Problem('malformed_request', { detail: 'The body is not a Stripe event' });
  const { id, type, created, account, data } = parsed.data;
  return { id, type, created: created ?? now, account: account ?? null, object: data?.object };
}

/** Null for events that do not concern subscriptions. Events of a connected account never do: its owner could write our users' ids into them. */
export function subscriptionEventOf(event: StripeEventHead): SubscriptionEvent | null {
  if (event.account !== null) return null;
  switch (event.type) {
    case 'customer.subscription.created':
      return snapshot(event, 0);
    case 'customer.subscription.updated':
      return snapshot(event, 1);
    case 'customer.subscription.deleted':
      return snapshot(event, 2);
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
      return sold(event);
    case 'invoice.paid':
      return payment(event, 'paid');
    case 'invoice.payment_failed':
      return payment(event, 'failed');
    default:
      return null;
  }
}

const DeletedCustomer = z.object({ id: z.string().max(255) });

/** The customer that was deleted at Stripe; null for any other event. */
export function deletedCustomerOf({ type, account, object }: StripeEventHead): string | null {
  if (type !== 'customer.deleted' || account !== null) return null;
  return DeletedCustomer.safeParse(object).data?.id ?? null;
}

function snapshot({ id, created, object }: StripeEventHead, precedence: number): SubscriptionEvent | null {
  const parsed = StripeSubscription.safeParse(object);
  if (!parsed.success) return null;
  const current = precedence === 2 ? { ...parsed.data, status: over(parsed.data.status) } : parsed.data;
  const update = { kind: 'snapshot', snapshot: snapshotOf(current, created, precedence, id) } as const;
  return { ...aboutSubscription(parsed.data), update };
}

function over(status: z.infer<typeof StripeSubscription>['status']): 'incomplete_expired' | 'canceled' {
  return status === 'incomplete_expired' ? status : 'canceled';
}

function sold({ id, created, object }: StripeEventHead): SubscriptionEvent | null {
  const parsed = StripeSession.safeParse(object);
  if (!parsed.success) return null;
  const about = aboutSession(parsed.data);
  return {
    ...about,
    update: about.subscription === null ? null : { kind: 'sold', sale: saleOf(parsed.data, created, id) },
  };
}

function payment({ created, object }: StripeEventHead, kind: 'paid' | 'failed'): SubscriptionEvent | null {
  const parsed = StripeInvoice.safeParse(object);
  if (!parsed.success) return null;
  const about = aboutInvoice(parsed.data);
  return about.subscription === null ? null : { ...about, update: { kind, payment: paymentOf(parsed.data, created) } };
}
