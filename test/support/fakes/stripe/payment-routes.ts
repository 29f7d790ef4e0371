import type { StripeCharge, StripePaymentIntent } from './objects';
import { predefinedCard } from './customer-routes';
import { flag, hash, integer, list, metadata, oneOf, spec, text, url, type Params } from './params';
import { NOTHING, listSpec, page, type Route } from './route';
import { StripeFault, refused } from './stripe-error';
import type { StripeWorld } from './world';

/** The least that a card can be charged in euro. */
const MIN_CENTS = 50;

const INTENT = {
  amount: integer(1),
  currency: oneOf('eur', 'usd', 'gbp', 'chf'),
  customer: text(),
  payment_method: text(),
  payment_method_types: list(text()),
  automatic_payment_methods: hash({ enabled: flag(), allow_redirects: oneOf('always', 'never') }, ['enabled']),
  confirm: flag(),
  off_session: flag(),
  error_on_requires_action: flag(),
  setup_future_usage: oneOf('off_session', 'on_session'),
  transfer_group: text(),
  transfer_data: hash({ destination: text(), amount: integer(1) }, ['destination']),
  application_fee_amount: integer(1),
  on_behalf_of: text(),
  description: text(1_000),
  statement_descriptor_suffix: text(22),
  receipt_email: text(512),
  return_url: url(),
  metadata: metadata(),
};

export const PAYMENT_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/payment_intents',
    params: spec(INTENT, ['amount', 'currency']),
    answer(world, params) {
      const amount = params.int('amount') ?? 0;
      if (amount < MIN_CENTS) {
        throw refused('Amount must be at least €0.50 eur', { code: 'amount_too_small', param: 'amount' });
      }
      if (params.has('off_session') && params.flag('confirm') !== true) {
        throw refused('You may only set `off_session` when `confirm` is true.', { param: 'off_session' });
      }
      const customer = params.text('customer');
      if (customer !== null) world.customers.get(customer, 'customer');
      const intent = world.paymentIntents.add({
        ...world.base('pi', 'payment_intent'),
        amount,
        amount_received: 0,
        currency: params.text('currency') ?? 'eur',
        customer,
        payment_method: null,
        status: 'requires_payment_method',
        latest_charge: null,
        transfer_group: params.text('transfer_group'),
        description: params.text('description'),
        last_payment_error: null,
        metadata: params.metadata(),
      });
      chooseCard(world, intent, params.text('payment_method'));
      world.emit('payment_intent.created', intent);
      if (params.flag('confirm') === true) confirm(world, intent, params.flag('off_session') === true);
      return intent;
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_intents',
    params: listSpec({
      customer: text(),
      created: hash({ gt: integer(), gte: integer(), lt: integer(), lte: integer() }),
    }),
    answer: (world, params) => {
      const customer = params.text('customer');
      const rows = world.paymentIntents.where((row) => customer === null || row.customer === customer);
      return page('/v1/payment_intents', rows, params);
    },
  },
  {
    method: 'GET',
    path: '/v1/payment_intents/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.paymentIntents.get(id, 'intent'),
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/confirm',
    params: spec({ payment_method: text(), off_session: flag(), return_url: url(), error_on_requires_action: flag() }),
    answer(world, params, id) {
      const intent = world.paymentIntents.get(id, 'intent');
      chooseCard(world, intent, params.text('payment_method'));
      confirm(world, intent, params.flag('off_session') === true);
      return intent;
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id/cancel',
    params: spec({ cancellation_reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer', 'abandoned') }),
    answer(world, _params, id) {
      const intent = world.paymentIntents.get(id, 'intent');
      if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
      intent.status = 'canceled';
      world.emit('payment_intent.canceled', intent);
      return intent;
    },
  },
  {
    method: 'GET',
    path: '/v1/charges',
    params: listSpec({ customer: text(), payment_intent: text(), transfer_group: text() }),
    answer: (world, params) => {
      const matches = (row: StripeCharge) =>
        (['customer', 'payment_intent', 'transfer_group'] as const).every(
          (name) => params.text(name) === null || row[name] === params.text(name),
        );
      return page('/v1/charges', world.charges.where(matches), params);
    },
  },
  {
    method: 'GET',
    path: '/v1/charges/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.charges.get(id, 'charge'),
  },
];

/** Charges the intent's card; a refusal by the bank is a card error (402) and stays on the intent. */
export function confirm(world: StripeWorld, intent: StripePaymentIntent, offSession: boolean): void {
  if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'confirm');
  if (intent.payment_method === null) {
    throw refused("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: 'payment_intent_unexpected_state',
    });
  }
  const { behaviour } = world.paymentMethods.get(intent.payment_method, 'payment_method');
  if (behaviour === 'good') return void succeed(world, intent);
  if (behaviour === 'needs_authentication' && !offSession) {
    intent.status = 'requires_action';
    world.emit('payment_intent.requires_action', intent);
    return;
  }
  const charge = world.charges.add(newCharge(world, intent, 'failed'));
  const code = behaviour === 'needs_authentication' ? 'authentication_required' : 'card_declined';
  const decline = behaviour === 'declined' ? 'generic_decline' : behaviour === 'insufficient_funds' ? behaviour : code;
  Object.assign(intent, {
    status: 'requires_payment_method',
    latest_charge: charge.id,
    last_payment_error: { code, decline_code: decline },
  });
  world.emit('charge.failed', charge);
  world.emit('payment_intent.payment_failed', intent);
  const details = { code, decline_code: decline, charge: charge.id, payment_intent: structuredClone(intent) };
  throw new StripeFault(402, 'card_error', 'Your card was declined.', details);
}

/** What the payer's bank confirms, on Stripe's page or off it. */
export function succeed(world: StripeWorld, intent: StripePaymentIntent): StripeCharge {
  const charge = world.charges.add(newCharge(world, intent, 'succeeded'));
  Object.assign(intent, {
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
    last_payment_error: null,
  });
  world.emit('charge.succeeded', charge);
  world.emit('payment_intent.succeeded', intent);
  return charge;
}

function chooseCard(world: StripeWorld, intent: StripePaymentIntent, id: string | null): void {
  if (id === null) return;
  const method = id.startsWith('pm_card_') ? predefinedCard(world, id) : world.paymentMethods.get(id, 'payment_method');
  if (method.customer !== null && method.customer !== intent.customer) {
    throw refused('The provided PaymentMethod is attached to another Customer.', { param: 'payment_method' });
  }
  intent.payment_method = method.id;
  if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
}

export function newCharge(
  world: StripeWorld,
  intent: StripePaymentIntent,
  status: StripeCharge['status'],
): StripeCharge {
  return {
    ...world.base('ch', 'charge'),
    amount: intent.amount,
    amount_refunded: 0,
    currency: intent.currency,
    customer: intent.customer,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    paid: status === 'succeeded',
    refunded: false,
    disputed: false,
    status,
    transfer_group: intent.transfer_group,
    metadata: { ...intent.metadata },
  };
}

function unexpectedState(intent: StripePaymentIntent, action: string): StripeFault {
  const message = `You cannot ${action} this PaymentIntent because it has a status of ${intent.status}.`;
  return refused(message, { code: 'payment_intent_unexpected_state', payment_intent: structuredClone(intent) });
}

export function chargeOf(world: StripeWorld, params: Params): StripeCharge {
  const charge = params.text('charge');
  if (charge !== null) return world.charges.get(charge, 'charge');
  const intent = world.paymentIntents.get(params.text('payment_intent') ?? '', 'payment_intent');
  if (intent.status !== 'succeeded' || intent.latest_charge === null) {
    throw refused('This PaymentIntent does not have a successful charge to refund.', { code: 'charge_not_refundable' });
  }
  return world.charges.get(intent.latest_charge, 'charge');
}
