import type { StripePrice, StripeSession } from './objects';
import { modeOf, refuseWhatClashes, SESSION } from './checkout-params';
import { hash, oneOf, spec, text, url, type Params } from './params';
import { NOTHING, listSpec, page, type Route } from './route';
import { refused } from './stripe-error';
import type { StripeWorld } from './world';

const HOUR = 3_600;
const MIN_CENTS = 50;

export const CHECKOUT_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/checkout/sessions',
    params: spec(SESSION, ['mode']),
    answer(world, params) {
      const mode = modeOf(params);
      refuseWhatClashes(params, mode);
      const customer = params.text('customer');
      if (customer !== null) world.customers.get(customer, 'customer');
      const cart = params.list('line_items').map((line) => cartLine(world, line, mode));
      const total = cart.reduce((sum, line) => sum + line.price.unit_amount * line.quantity, 0);
      if (mode === 'payment' && total < MIN_CENTS) {
        throw refused("The Checkout Session's total amount due must add up to at least €0.50 eur", {
          code: 'amount_too_small',
        });
      }
      const session = world.sessions.add(newSession(world, params, mode, total));
      const kept = mode === 'subscription' ? 'subscription_data.metadata' : 'payment_intent_data.metadata';
      world.carts.set(
        session.id,
        cart.map((line) => ({ ...line, metadata: params.metadata(kept) })),
      );
      return session;
    },
  },
  {
    method: 'GET',
    path: '/v1/checkout/sessions',
    params: listSpec({
      customer: text(),
      subscription: text(),
      payment_intent: text(),
      status: oneOf('open', 'complete', 'expired'),
    }),
    answer(world, params) {
      const matches = (row: StripeSession) =>
        (['customer', 'subscription', 'payment_intent', 'status'] as const).every(
          (name) => params.text(name) === null || row[name] === params.text(name),
        );
      return page('/v1/checkout/sessions', world.sessions.where(matches), params);
    },
  },
  {
    method: 'GET',
    path: '/v1/checkout/sessions/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.sessions.get(id, 'session'),
  },
  {
    method: 'POST',
    path: '/v1/checkout/sessions/:id/expire',
    params: NOTHING,
    answer(world, _params, id) {
      const session = world.sessions.get(id, 'session');
      if (session.status !== 'open') {
        throw refused(
          `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}`,
        );
      }
      session.status = 'expired';
      session.url = null;
      world.emit('checkout.session.expired', session);
      return session;
    },
  },
  {
    method: 'POST',
    path: '/v1/billing_portal/sessions',
    params: spec(
      {
        customer: text(),
        return_url: url(),
        configuration: text(),
        locale: text(10),
        on_behalf_of: text(),
        flow_data: hash({ type: text() }, ['type']),
      },
      ['customer'],
    ),
    answer(world, params) {
      const customer = world.customers.get(params.text('customer') ?? '', 'customer');
      const base = world.base('bps', 'billing_portal.session');
      return {
        ...base,
        customer: customer.id,
        return_url: params.text('return_url'),
        url: `https://billing.stripe.test/p/session/${base.id}`,
      };
    },
  },
];

function cartLine(
  world: StripeWorld,
  line: Params,
  mode: StripeSession['mode'],
): { price: StripePrice; quantity: number } {
  const id = line.text('price');
  if (id !== null && line.has('price_data'))
    throw refused('You may only specify one of these parameters: price, price_data.');
  const quantity = line.int('quantity');
  if (quantity === null) throw refused('Quantity is required.', { param: 'line_items[0][quantity]' });
  const price = id === null ? adHocPrice(world, line, mode) : world.prices.get(id, 'line_items[0][price]');
  if (!price.active) throw refused('The price specified is inactive.', { param: 'line_items[0][price]' });
  if (mode === 'subscription' && price.type !== 'recurring') {
    throw refused('You must provide at least one recurring price in `subscription` mode when using prices.');
  }
  if (mode === 'payment' && price.type === 'recurring')
    throw refused('You specified `payment` mode but passed a recurring price.');
  return { price, quantity };
}

function adHocPrice(world: StripeWorld, line: Params, mode: StripeSession['mode']): StripePrice {
  const amount = line.int('price_data.unit_amount');
  if (amount === null || (!line.has('price_data.product_data') && !line.has('price_data.product'))) {
    throw refused('Missing required param: line_items[0][price_data].', { code: 'parameter_missing' });
  }
  return {
    ...world.base('price', 'price'),
    active: true,
    currency: line.text('price_data.currency') ?? 'eur',
    unit_amount: amount,
    type: mode === 'subscription' && line.has('price_data.recurring') ? 'recurring' : 'one_time',
    recurring: null,
    product: world.id('prod'),
    lookup_key: null,
    metadata: {},
  };
}

function newSession(world: StripeWorld, params: Params, mode: StripeSession['mode'], total: number): StripeSession {
  const base = world.base('cs_test', 'checkout.session');
  const expires = params.int('expires_at') ?? base.created + 24 * HOUR;
  if (expires < base.created + HOUR / 2 - 5 || expires > base.created + 24 * HOUR + 5) {
    throw refused('The `expires_at` timestamp must be between 30 minutes and 24 hours from now.', {
      param: 'expires_at',
    });
  }
  return {
    ...base,
    mode,
    status: 'open',
    payment_status: 'unpaid',
    url: `https://checkout.stripe.test/c/pay/${base.id}`,
    success_url: params.text('success_url') ?? '',
    cancel_url: params.text('cancel_url'),
    client_reference_id: params.text('client_reference_id'),
    customer: params.text('customer'),
    customer_details: null,
    subscription: null,
    payment_intent: null,
    setup_intent: null,
    amount_total: mode === 'setup' ? null : total,
    currency: 'eur',
    expires_at: expires,
    metadata: params.metadata(),
  };
}
