import type { StripeSession } from './objects';
import { flag, hash, integer, list, metadata, oneOf, text, url, type Params } from './params';
import { refused } from './stripe-error';

const PRICE_DATA = hash(
  {
    currency: text(3),
    unit_amount: integer(0),
    product: text(),
    product_data: hash({ name: text(), description: text(), metadata: metadata(), tax_code: text() }, ['name']),
    recurring: hash({ interval: oneOf('day', 'week', 'month', 'year'), interval_count: integer(1) }, ['interval']),
    tax_behavior: oneOf('exclusive', 'inclusive', 'unspecified'),
  },
  ['currency'],
);

/** https://docs.stripe.com/api/checkout/sessions/create */
export const SESSION = {
  mode: oneOf('payment', 'setup', 'subscription'),
  line_items: list(
    hash({
      price: text(),
      price_data: PRICE_DATA,
      quantity: integer(1, 999_999),
      adjustable_quantity: hash({ enabled: flag(), minimum: integer(), maximum: integer() }, ['enabled']),
    }),
  ),
  success_url: url(),
  cancel_url: url(),
  return_url: url(),
  ui_mode: oneOf('hosted_page', 'embedded_page', 'elements', 'form'),
  client_reference_id: text(200),
  customer: text(),
  customer_email: text(512),
  customer_creation: oneOf('always', 'if_required'),
  currency: text(3),
  expires_at: integer(0, Number.MAX_SAFE_INTEGER),
  locale: text(10),
  metadata: metadata(),
  allow_promotion_codes: flag(),
  automatic_tax: hash({ enabled: flag() }, ['enabled']),
  billing_address_collection: oneOf('auto', 'required'),
  tax_id_collection: hash({ enabled: flag() }, ['enabled']),
  payment_method_types: list(text()),
  payment_method_collection: oneOf('always', 'if_required'),
  subscription_data: hash({
    metadata: metadata(),
    description: text(500),
    trial_period_days: integer(1, 730),
    billing_cycle_anchor: integer(),
  }),
  payment_intent_data: hash({
    metadata: metadata(),
    description: text(),
    transfer_group: text(),
    setup_future_usage: oneOf('off_session', 'on_session'),
    application_fee_amount: integer(),
    transfer_data: hash({ destination: text(), amount: integer() }, ['destination']),
    on_behalf_of: text(),
    receipt_email: text(512),
    statement_descriptor_suffix: text(22),
  }),
  setup_intent_data: hash({ metadata: metadata(), description: text() }),
};

export function modeOf(params: Params): StripeSession['mode'] {
  const mode = params.text('mode');
  return mode === 'subscription' || mode === 'setup' ? mode : 'payment';
}

/** The rules between parameters that the reference states in words. */
export function refuseWhatClashes(params: Params, mode: StripeSession['mode']): void {
  if (params.text('success_url') === null)
    throw refused('Missing required param: success_url.', { code: 'parameter_missing', param: 'success_url' });
  if (params.has('return_url'))
    throw refused('`return_url` can only be used with an embedded `ui_mode`.', { param: 'return_url' });
  if (params.has('customer') && params.has('customer_email'))
    throw refused('You may only specify one of these parameters: customer, customer_email.');
  if (params.has('customer') && params.has('customer_creation'))
    throw refused('You may only specify one of these parameters: customer, customer_creation.');
  if (mode === 'subscription' && params.has('customer_creation'))
    throw refused('`customer_creation` cannot be used in `subscription` mode.', { param: 'customer_creation' });
  if (mode !== 'subscription' && params.has('subscription_data'))
    throw refused('You can not pass `subscription_data` in this mode.', { param: 'subscription_data' });
  if (mode !== 'payment' && params.has('payment_intent_data'))
    throw refused('You can not pass `payment_intent_data` in this mode.', { param: 'payment_intent_data' });
  if (mode !== 'setup' && params.has('setup_intent_data'))
    throw refused('You can not pass `setup_intent_data` in this mode.', { param: 'setup_intent_data' });
  const lines = params.list('line_items').length;
  if (mode !== 'setup' && lines === 0)
    throw refused('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  if (mode === 'setup' && lines > 0)
    throw refused('You can not pass `line_items` in `setup` mode.', { param: 'line_items' });
}
