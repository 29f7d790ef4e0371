import type { StripeCharge, StripeRefund } from './objects';
import { flag, hash, integer, metadata, oneOf, spec, text } from './params';
import { chargeOf } from './payment-routes';
import { NOTHING, listSpec, page, type Route } from './route';
import { refused } from './stripe-error';
import type { StripeWorld } from './world';

/** The bank holds the money. An inquiry, and what a decided dispute has left, can be refunded. */
const HELD = /^(?:needs_response|under_review)$/;

const REFUND = {
  charge: text(),
  payment_intent: text(),
  amount: integer(1),
  reason: oneOf('duplicate', 'fraudulent', 'requested_by_customer'),
  refund_application_fee: flag(),
  reverse_transfer: flag(),
  instructions_email: text(512),
  metadata: metadata(),
};

export const REFUND_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/refunds',
    params: spec(REFUND),
    answer(world, params) {
      if (!params.has('charge') && !params.has('payment_intent')) {
        throw refused('One of the following params should be provided for this request: payment_intent or charge.');
      }
      const charge = chargeOf(world, params);
      const left = charge.amount - charge.amount_refunded;
      const amount = params.int('amount') ?? left;
      if (charge.refunded)
        throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
      if (world.disputes.where((row) => row.charge === charge.id && HELD.test(row.status)).length > 0)
        throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
      if (amount > left)
        throw refused('Refund amount is greater than the unrefunded amount on charge.', { param: 'amount' });
      return refund(world, charge, amount, params.text('reason'), params.metadata());
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds',
    params: listSpec({ charge: text(), payment_intent: text() }),
    answer: (world, params) => {
      const matches = (row: StripeRefund) =>
        (['charge', 'payment_intent'] as const).every(
          (name) => params.text(name) === null || row[name] === params.text(name),
        );
      return page('/v1/refunds', world.refunds.where(matches), params);
    },
  },
  { method: 'GET', path: '/v1/refunds/:id', params: NOTHING, answer: (world, _params, id) => world.refunds.get(id) },
  {
    method: 'GET',
    path: '/v1/disputes',
    params: listSpec({ charge: text(), payment_intent: text(), created: hash({ gte: integer() }) }),
    answer: (world, params) => {
      const charge = params.text('charge');
      return page(
        '/v1/disputes',
        world.disputes.where((row) => charge === null || row.charge === charge),
        params,
      );
    },
  },
  { method: 'GET', path: '/v1/disputes/:id', params: NOTHING, answer: (world, _params, id) => world.disputes.get(id) },
];

export function refund(
  world: StripeWorld,
  charge: StripeCharge,
  amount: number,
  reason: string | null,
  meta = {},
): StripeRefund {
  const made = world.refunds.add({
    ...world.base('re', 'refund'),
    amount,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    reason,
    status: 'succeeded',
    metadata: meta,
  });
  const previous = { amount_refunded: charge.amount_refunded };
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  world.emit('refund.created', made);
  world.emit('charge.refunded', charge, { previous });
  return made;
}

/** The bank cannot pay a refund out, and the money comes back to the balance. */
export function failRefund(world: StripeWorld, failed: StripeRefund): void {
  const charge = world.charges.get(failed.charge);
  Object.assign(failed, { status: 'failed', failure_reason: 'expired_or_canceled_card' });
  charge.amount_refunded -= failed.amount;
  charge.refunded = false;
  world.emit('refund.failed', failed);
  world.emit('refund.updated', failed);
  world.emit('charge.refund.updated', failed);
}
