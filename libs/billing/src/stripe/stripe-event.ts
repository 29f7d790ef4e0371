import { Problem } from '@adiuva/kernel';
import { z } from 'zod';
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

/** An event as far as every event has it. Times are seconds. */
export interface StripeEventHead {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  /** The connected account that it comes from; null for our own. */
  readonly account: string | null;
  readonly object: unknown;
}

/** What an event says of a subscription, or only which customer belongs to which user. */
export interface SubscriptionEvent extends About {
  readonly news: SubscriptionUpdate | null;
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });
const VISIBLE = /^[\x21-\x7e]{1,255}$/;

const Event = z.object({
  id: z.string().regex(VISIBLE),
  type: z.string().regex(VISIBLE),
  created: z.number().int().nonnegative().optional(),
  account: z.string().nullish(),
  data: z.object({ object: z.unknown() }).optional(),
});

/** Throws `malformed_request`. `now` (seconds) stands in where the event does not say when it was made. */
export function readEvent(raw: Uint8Array, now: number): StripeEventHead {
  const parsed = Event.safeParse(json(raw));
  if (!parsed.success) throw new Problem('malformed_request', { detail: 'The body is not a Stripe event' });
  const { id, type, created, account, data } = parsed.data;
  return { id, type, created: created ?? now, account: account ?? null, object: data?.object };
}

/**
 * Null for events that do not concern subscriptions. What a connected account says of its own customers is not heard: its owner could
 * write our users' ids into it.
 */
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
      return sold(event);
    case 'invoice.paid':
      return payment(event, 'paid');
    case 'invoice.payment_failed':
      return payment(event, 'failed');
    default:
      return null;
  }
}

function snapshot({ id, created, object }: StripeEventHead, step: number): SubscriptionEvent | null {
  const parsed = StripeSubscription.safeParse(object);
  if (!parsed.success) return null;
  const said = snapshotOf(
    step === 2 ? { ...parsed.data, status: over(parsed.data.status) } : parsed.data,
    created,
    step,
    id,
  );
  return { ...aboutSubscription(parsed.data), news: { kind: 'snapshot', snapshot: said } };
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
    news: about.subscription === null ? null : { kind: 'sold', sale: saleOf(parsed.data, created, id) },
  };
}

function payment({ created, object }: StripeEventHead, kind: 'paid' | 'failed'): SubscriptionEvent | null {
  const parsed = StripeInvoice.safeParse(object);
  if (!parsed.success) return null;
  const about = aboutInvoice(parsed.data);
  return about.subscription === null ? null : { ...about, news: { kind, payment: paymentOf(parsed.data, created) } };
}

function json(raw: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(raw));
  } catch {
    return undefined;
  }
}
