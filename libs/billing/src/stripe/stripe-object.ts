import { isId } from '@adiuva/kernel';
import { z } from 'zod';
import { PAID_TIERS } from '../billing.config';
import type { Payment, Sale, Snapshot } from '../state/subscription-state';
import { STATUSES, type SubscriptionStatus } from '../state/subscription-status';

/** An id at Stripe; it may come as the whole object. Ids are all that we keep, so they may hold nothing else. */
const Id = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/);
const Reference = z.union([Id, z.object({ id: Id }).transform(({ id }) => id)]);
const MaybeReference = Reference.nullish()
  .catch(null)
  .transform((id) => id ?? null);
const Metadata = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(null)
  .transform((metadata) => metadata ?? {});
const Seconds = z.number().int().nonnegative();

const Status = z
  .string()
  .transform((word): SubscriptionStatus => STATUSES.find((known) => known === word) ?? 'incomplete');

/** More than Stripe's page lets a buyer order; a subscription beyond that is not ours. */
const MAX_SEATS = 1_000_000;

const Item = z.object({
  price: Reference.nullish().catch(null),
  plan: Reference.nullish().catch(null),
  quantity: z.number().int().nonnegative().max(MAX_SEATS).nullish(),
  current_period_end: Seconds.nullish(),
});

/** Both the shapes before API version 2025-03-31 (period on the subscription) and after it (period on its items). */
export const StripeSubscription = z.object({
  id: Id,
  customer: MaybeReference,
  status: Status,
  items: z
    .object({ data: z.array(Item) })
    .nullish()
    .catch(null),
  current_period_end: Seconds.nullish(),
  cancel_at_period_end: z.boolean().nullish(),
  cancel_at: Seconds.nullish(),
  ended_at: Seconds.nullish(),
  metadata: Metadata,
});

export const StripeSession = z.object({
  id: Id,
  mode: z.string().nullish(),
  customer: MaybeReference,
  subscription: MaybeReference,
  payment_intent: MaybeReference,
  payment_status: z.string().nullish(),
  client_reference_id: z.string().nullish(),
  metadata: Metadata,
});

const Parent = z.object({
  subscription_details: z.object({ subscription: MaybeReference, metadata: Metadata }).nullish(),
});

export const StripeInvoice = z.object({
  id: Id.nullish().catch(null),
  customer: MaybeReference,
  subscription: MaybeReference,
  subscription_details: z.object({ metadata: Metadata }).nullish().catch(null),
  parent: Parent.nullish().catch(null),
  metadata: Metadata,
});

/** The subscription, customer and user that an object names; null where it names none. */
export interface About {
  readonly subscription: string | null;
  readonly customer: string | null;
  readonly userId: string | null;
}

export function aboutSubscription(object: z.infer<typeof StripeSubscription>): About {
  return { subscription: object.id, customer: object.customer, userId: userOf(object.metadata) };
}

export function aboutSession(object: z.infer<typeof StripeSession>): About {
  const userId = userOf(object.metadata) ?? userOf({ user_id: object.client_reference_id });
  return { subscription: object.subscription, customer: object.customer, userId };
}

export function aboutInvoice(object: z.infer<typeof StripeInvoice>): About {
  const details = object.parent?.subscription_details;
  const userId =
    userOf(details?.metadata ?? {}) ?? userOf(object.subscription_details?.metadata ?? {}) ?? userOf(object.metadata);
  return { subscription: details?.subscription ?? object.subscription, customer: object.customer, userId };
}

export function snapshotOf(
  object: z.infer<typeof StripeSubscription>,
  at: number,
  precedence: number,
  eventId: string,
): Snapshot {
  const items = object.items?.data ?? [];
  const ends = [object.current_period_end, ...items.map((item) => item.current_period_end)].flatMap((end) => end ?? []);
  const periodEnd = ends.length > 0 ? Math.max(...ends) : null;
  return {
    at,
    precedence,
    eventId,
    status: object.ended_at && object.status !== 'incomplete_expired' ? 'canceled' : object.status,
    items: items.map((item) => ({ price: item.price ?? item.plan ?? '', quantity: item.quantity ?? 1 })),
    plan: planIn(object.metadata),
    periodEnd,
    ending: object.cancel_at_period_end === true || endsWithPeriod(object.cancel_at, periodEnd),
  };
}

export function saleOf(object: z.infer<typeof StripeSession>, at: number, eventId: string): Sale {
  const seats = Number(object.metadata['seats'] ?? 1);
  return {
    at,
    eventId,
    plan: planIn(object.metadata),
    seats: Number.isSafeInteger(seats) && seats > 0 ? seats : 1,
    paid: object.payment_status !== 'unpaid',
  };
}

export function paymentOf(object: z.infer<typeof StripeInvoice>, at: number): Payment {
  return { at, invoice: object.id ?? null };
}

/** Newer API versions give the end as a time. */
function endsWithPeriod(cancelAt: number | null | undefined, periodEnd: number | null): boolean {
  return typeof cancelAt === 'number' && periodEnd !== null && cancelAt <= periodEnd;
}

/** The id that we wrote into the metadata; null for anything else. */
export function userOf(metadata: Readonly<Record<string, unknown>>): string | null {
  const id = metadata['user_id'];
  return typeof id === 'string' && isId(id.toLowerCase()) ? id.toLowerCase() : null;
}

function planIn(metadata: Readonly<Record<string, unknown>>): Sale['plan'] {
  return PAID_TIERS.find((tier) => tier === metadata['tier']) ?? null;
}

/** The id of an object that Stripe refers to, or has sent whole. */
export function idOf(reference: string | { readonly id: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}
