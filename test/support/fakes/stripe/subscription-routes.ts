import type { StripeSubscription } from './objects';
import { flag, hash, integer, list, metadata, oneOf, spec, text, type Params } from './params';
import { NOTHING, listSpec, page, type Route } from './route';
import { refused } from './stripe-error';
import { endSubscription } from './subscription-life';
import type { StripeWorld } from './world';

const STATUSES = [
  'incomplete',
  'incomplete_expired',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'canceled',
  'paused',
  'all',
  'ended',
];

export const SUBSCRIPTION_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/subscriptions',
    params: listSpec({
      customer: text(),
      price: text(),
      status: oneOf(...STATUSES),
      created: hash({ gt: integer(), gte: integer(), lt: integer(), lte: integer() }),
    }),
    answer(world, params) {
      const customer = params.text('customer');
      const price = params.text('price');
      const status = params.text('status');
      const rows = world.subscriptions.where(
        (row) =>
          (customer === null || row.customer === customer) &&
          (price === null || row.items.data.some((item) => item.price.id === price)) &&
          (status === 'all' || (status === null ? row.status !== 'canceled' : row.status === status)),
      );
      return page('/v1/subscriptions', rows, params);
    },
  },
  {
    method: 'GET',
    path: '/v1/subscriptions/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.subscriptions.get(id),
  },
  {
    method: 'POST',
    path: '/v1/subscriptions/:id',
    params: spec({
      cancel_at_period_end: flag(),
      cancellation_details: hash({ comment: text(), feedback: text() }),
      items: list(hash({ id: text(), price: text(), quantity: integer(1), deleted: flag() })),
      metadata: metadata(),
      payment_behavior: oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'),
      proration_behavior: oneOf('always_invoice', 'create_prorations', 'none'),
      default_payment_method: text(),
    }),
    answer(world, params, id) {
      const subscription = world.subscriptions.get(id);
      if (subscription.ended_at !== null) {
        throw refused('A canceled subscription can only update its cancellation_details and metadata.');
      }
      const previous = structuredClone(subscription);
      changeItems(world, subscription, params);
      const ending = params.flag('cancel_at_period_end');
      if (ending !== null) setEnding(world, subscription, ending);
      subscription.metadata = params.metadata('metadata', subscription.metadata);
      world.emit('customer.subscription.updated', subscription, { previous });
      return subscription;
    },
  },
  {
    method: 'DELETE',
    path: '/v1/subscriptions/:id',
    params: spec({
      invoice_now: flag(),
      prorate: flag(),
      cancellation_details: hash({ comment: text(), feedback: text() }),
    }),
    answer(world, _params, id) {
      const subscription = world.subscriptions.get(id);
      if (subscription.ended_at !== null) {
        throw refused(`No such subscription: '${id}'`, { code: 'resource_missing', param: 'id' });
      }
      endSubscription(world, subscription);
      return subscription;
    },
  },
  {
    method: 'GET',
    path: '/v1/invoices/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.invoices.get(id, 'invoice'),
  },
  {
    method: 'GET',
    path: '/v1/prices/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.prices.get(id, 'price'),
  },
];

export function setEnding(world: StripeWorld, subscription: StripeSubscription, ending: boolean): void {
  subscription.cancel_at_period_end = ending;
  subscription.canceled_at = ending ? world.now() : null;
  subscription.cancel_at = ending ? (subscription.items.data[0]?.current_period_end ?? null) : null;
}

function changeItems(world: StripeWorld, subscription: StripeSubscription, params: Params): void {
  for (const wanted of params.list('items')) {
    const item = subscription.items.data.find((known) => known.id === wanted.text('id'));
    if (!item) throw refused('No such subscription_item', { param: 'items[0][id]' });
    const price = wanted.text('price');
    if (price !== null) item.price = world.prices.get(price, 'items[0][price]');
    item.quantity = wanted.int('quantity') ?? item.quantity;
  }
}
