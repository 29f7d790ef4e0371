import { FakeStripe } from '../fakes/stripe/fake-stripe';
import type { StripeEvent } from '../fakes/stripe/objects';

export const WEBHOOK_SECRET = 'whsec_of_a_test';

/** Settings under which the webhook works although there is no key to ask Stripe with. */
export const WEBHOOK_ONLY = {
  STRIPE_WEBHOOK_SECRET: `whsec_rolled_out, ${WEBHOOK_SECRET}`,
  STRIPE_PRICE_PRO: 'price_pro',
  STRIPE_PRICE_POWER: 'price_power',
  STRIPE_PRICE_TEAM: 'price_team',
};

const HOUR = 1 / 24;

/** A double with our prices; not listening unless it is started. */
export function stripeWithPrices(): FakeStripe {
  const stripe = new FakeStripe();
  stripe.addPrice('price_pro', 1500);
  stripe.addPrice('price_power', 2900);
  stripe.addPrice('price_team', 4900);
  return stripe;
}

/** With a time limit that is as long as a slow machine needs; a test about a silent Stripe sets its own. */
export function settingsFor(stripe: FakeStripe): Record<string, string> {
  const { secretKey, url } = stripe;
  return { ...WEBHOOK_ONLY, STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: url, STRIPE_TIMEOUT_MS: '60000' };
}

export interface Life {
  readonly subscription: string;
  readonly customer: string;
  /** In the order in which they happened, hours apart. */
  readonly events: readonly StripeEvent[];
}

/**
 * What happens to one subscription, told by five events: bought as pro, paid, changed to power, a payment fails, and it ends (or, with
 * `ends` false, stays past due). The double's clock stands where it stood before.
 */
export function lifeOf(stripe: FakeStripe, userId: string, ends: boolean): Life {
  const { world } = stripe;
  const before = world.events.rows.size;
  const customer = world.id('cus');
  const session = world.id('cs');
  const items = (price: string) => ({
    data: [{ price: { id: price }, quantity: 1, current_period_end: world.now() + 30 * 86_400 }],
  });
  const subscription = {
    id: world.id('sub'),
    object: 'subscription',
    customer,
    status: 'active',
    metadata: { user_id: userId },
  };
  const details = { subscription: subscription.id, metadata: { user_id: userId } };
  const invoice = { id: world.id('in'), object: 'invoice', customer, parent: { subscription_details: details } };
  const late = { ...invoice, id: world.id('in') };
  world.emit('customer.subscription.created', { ...subscription, items: items('price_pro') });
  world.pass(HOUR);
  if (ends) {
    world.emit('checkout.session.completed', {
      id: session,
      mode: 'subscription',
      customer,
      subscription: subscription.id,
      client_reference_id: userId,
    });
  } else world.emit('invoice.paid', invoice);
  world.pass(HOUR);
  world.emit('customer.subscription.updated', { ...subscription, items: items('price_power') });
  world.pass(HOUR);
  world.emit('invoice.payment_failed', late);
  world.pass(HOUR);
  if (ends)
    world.emit('customer.subscription.deleted', { ...subscription, status: 'canceled', items: items('price_power') });
  else
    world.emit('customer.subscription.updated', { ...subscription, status: 'past_due', items: items('price_power') });
  world.pass(-4 * HOUR);
  return { subscription: subscription.id, customer, events: [...world.events.rows.values()].slice(before) };
}

export function orderings<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => {
    const others = [...items.slice(0, index), ...items.slice(index + 1)];
    return orderings(others).map((rest) => [item, ...rest]);
  });
}

/** Carries tasks out in their order, so many at a time. */
export async function inParallel<T>(tasks: readonly (() => Promise<T>)[], lanes: number): Promise<T[]> {
  const results: T[] = [];
  const waiting = tasks.entries();
  const lane = async (): Promise<void> => {
    for (const [index, task] of waiting) results[index] = await task();
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
