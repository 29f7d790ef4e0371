import type { StripeInvoice, StripePrice, StripeSubscription, SubscriptionStatus } from './objects';
import type { StripeWorld } from './world';

export const MONTH = 30 * 86_400;

export interface NewSubscription {
  readonly customer: string;
  readonly price: StripePrice;
  readonly quantity: number;
  readonly metadata: Record<string, string>;
}

/** A subscription whose first invoice is paid, with the events that Stripe makes of it. */
export function startSubscription(world: StripeWorld, wanted: NewSubscription): StripeSubscription {
  const base = world.base('sub', 'subscription');
  const subscription = world.subscriptions.add({
    ...base,
    customer: wanted.customer,
    status: 'incomplete',
    items: {
      object: 'list',
      has_more: false,
      data: [
        {
          id: world.id('si'),
          object: 'subscription_item',
          price: wanted.price,
          quantity: wanted.quantity,
          current_period_start: base.created,
          current_period_end: base.created + MONTH,
        },
      ],
    },
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: null,
    ended_at: null,
    latest_invoice: null,
    metadata: wanted.metadata,
  });
  world.emit('customer.subscription.created', subscription);
  payInvoice(world, openInvoice(world, subscription, 'subscription_create'), subscription);
  setStatus(world, subscription, 'active');
  return subscription;
}

export function openInvoice(
  world: StripeWorld,
  subscription: StripeSubscription,
  reason: StripeInvoice['billing_reason'],
): StripeInvoice {
  const due = subscription.items.data.reduce((sum, item) => sum + item.price.unit_amount * item.quantity, 0);
  const invoice = world.invoices.add({
    ...world.base('in', 'invoice'),
    customer: subscription.customer,
    status: 'open',
    amount_due: due,
    amount_paid: 0,
    currency: subscription.items.data[0]?.price.currency ?? 'eur',
    attempt_count: 0,
    billing_reason: reason,
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id, metadata: { ...subscription.metadata } },
    },
  });
  subscription.latest_invoice = invoice.id;
  return invoice;
}

export function payInvoice(world: StripeWorld, invoice: StripeInvoice, subscription: StripeSubscription): void {
  invoice.status = 'paid';
  invoice.amount_paid = invoice.amount_due;
  invoice.attempt_count += 1;
  world.emit('invoice.paid', invoice);
  if (subscription.status === 'past_due' || subscription.status === 'unpaid') setStatus(world, subscription, 'active');
}

/** A payment attempt that the bank refuses; the subscription becomes past due. */
export function failInvoice(world: StripeWorld, invoice: StripeInvoice, subscription: StripeSubscription): void {
  invoice.attempt_count += 1;
  world.emit('invoice.payment_failed', invoice);
  if (subscription.status === 'active') setStatus(world, subscription, 'past_due');
}

export function setStatus(world: StripeWorld, subscription: StripeSubscription, status: SubscriptionStatus): void {
  const previous = { status: subscription.status };
  subscription.status = status;
  world.emit('customer.subscription.updated', subscription, { previous });
}

export function endSubscription(world: StripeWorld, subscription: StripeSubscription): void {
  subscription.status = 'canceled';
  subscription.canceled_at ??= world.now();
  subscription.ended_at = world.now();
  world.emit('customer.subscription.deleted', subscription);
}
