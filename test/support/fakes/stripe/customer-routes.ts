import type { StripeCustomer } from './objects';
import { flag, hash, integer, metadata, oneOf, spec, text, type Params } from './params';
import { NOTHING, listSpec, page, type Route } from './route';
import { refused } from './stripe-error';
import { endSubscription } from './subscription-life';
import type { StripeWorld } from './world';

const CUSTOMER = {
  email: text(512),
  name: text(256),
  description: text(),
  phone: text(20),
  payment_method: text(),
  metadata: metadata(),
  invoice_settings: hash({ default_payment_method: text(), footer: text() }),
};

const PREDEFINED = /^pm_card_(visa|mastercard|chargeDeclined|chargeDeclinedInsufficientFunds|authenticationRequired)$/;

export const CUSTOMER_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/customers',
    params: spec(CUSTOMER),
    answer(world, params) {
      const customer = world.customers.add({
        ...world.base('cus', 'customer'),
        email: params.text('email'),
        name: params.text('name'),
        metadata: params.metadata(),
        invoice_settings: { default_payment_method: null },
      });
      change(world, customer, params);
      world.emit('customer.created', customer);
      return customer;
    },
  },
  {
    method: 'GET',
    path: '/v1/customers',
    params: listSpec({ email: text(512), created: integer() }),
    answer: (world, params) => {
      const email = params.text('email');
      const rows = world.customers.where((row) => !row.deleted && (email === null || row.email === email));
      return page('/v1/customers', rows, params);
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/:id',
    params: NOTHING,
    answer(world, _params, id) {
      const customer = world.customers.rows.get(id);
      return customer?.deleted ? { id, object: 'customer', deleted: true } : world.customers.get(id);
    },
  },
  {
    method: 'POST',
    path: '/v1/customers/:id',
    params: spec(CUSTOMER),
    answer(world, params, id) {
      const customer = world.customers.get(id);
      if (params.has('email')) customer.email = params.text('email');
      if (params.has('name')) customer.name = params.text('name');
      customer.metadata = params.metadata('metadata', customer.metadata);
      change(world, customer, params);
      world.emit('customer.updated', customer);
      return customer;
    },
  },
  {
    method: 'DELETE',
    path: '/v1/customers/:id',
    params: NOTHING,
    answer(world, _params, id) {
      const customer = world.customers.get(id);
      for (const subscription of world.subscriptions.where((row) => row.customer === id && row.ended_at === null)) {
        endSubscription(world, subscription);
      }
      customer.deleted = true;
      world.emit('customer.deleted', customer);
      return { id, object: 'customer', deleted: true };
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    params: listSpec({ type: oneOf('card') }),
    answer: (world, params, id) => {
      world.customers.get(id, 'customer');
      return page(`/v1/customers/${id}/payment_methods`, cardsOf(world, id), params);
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_methods',
    params: listSpec({ customer: text(), type: oneOf('card') }),
    answer: (world, params) => page('/v1/payment_methods', cardsOf(world, params.text('customer') ?? ''), params),
  },
  {
    method: 'GET',
    path: '/v1/payment_methods/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.paymentMethods.get(id, 'payment_method'),
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    params: spec({ customer: text() }, ['customer']),
    answer(world, params, id) {
      const method = PREDEFINED.test(id) ? predefinedCard(world, id) : world.paymentMethods.get(id, 'payment_method');
      const customer = world.customers.get(params.text('customer') ?? '', 'customer');
      if (method.customer !== null && method.customer !== customer.id) {
        throw refused('The payment method you provided has already been attached to a customer.');
      }
      method.customer = customer.id;
      world.emit('payment_method.attached', method);
      return method;
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/detach',
    params: NOTHING,
    answer(world, _params, id) {
      const method = world.paymentMethods.get(id, 'payment_method');
      if (method.customer === null) throw refused('The payment method you provided is not attached to a customer.');
      const owner = world.customers.rows.get(method.customer);
      if (owner?.invoice_settings.default_payment_method === id) owner.invoice_settings.default_payment_method = null;
      method.customer = null;
      return method;
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods',
    params: spec(
      { type: oneOf('card'), card: hash({ token: text() }, ['token']), metadata: metadata(), allow_redisplay: flag() },
      ['type', 'card'],
    ),
    answer: (world) => predefinedCard(world, 'pm_card_visa'),
  },
];

/** A fresh card as Stripe's named test cards behave: https://docs.stripe.com/testing. */
export function predefinedCard(world: StripeWorld, name: string): ReturnType<StripeWorld['paymentMethods']['add']> {
  const behaviour = {
    pm_card_chargeDeclined: 'declined',
    pm_card_chargeDeclinedInsufficientFunds: 'insufficient_funds',
    pm_card_authenticationRequired: 'needs_authentication',
  } as const;
  const known = Object.entries(behaviour).find(([card]) => card === name);
  return world.paymentMethods.add({
    ...world.base('pm', 'payment_method'),
    type: 'card',
    customer: null,
    card: { brand: 'visa', last4: '4242', exp_month: 12, exp_year: 2040 },
    behaviour: known ? known[1] : 'good',
  });
}

function cardsOf(world: StripeWorld, customer: string) {
  return world.paymentMethods.where((row) => row.customer === customer);
}

function change(world: StripeWorld, customer: StripeCustomer, params: Params): void {
  const attached = params.text('payment_method');
  if (attached !== null) {
    const method = PREDEFINED.test(attached)
      ? predefinedCard(world, attached)
      : world.paymentMethods.get(attached, 'payment_method');
    method.customer = customer.id;
  }
  const preferred = params.text('invoice_settings.default_payment_method');
  if (preferred === null) return;
  const method = world.paymentMethods.get(preferred, 'invoice_settings[default_payment_method]');
  if (method.customer !== customer.id) throw refused('The customer does not have a payment method with that ID.');
  customer.invoice_settings.default_payment_method = preferred;
}
