import type { StripeReversal, StripeTransfer } from './objects';
import { flag, hash, integer, metadata, oneOf, spec, text } from './params';
import { NOTHING, listSpec, page, type Route } from './route';
import { missing, refused } from './stripe-error';
import type { StripeWorld } from './world';

const TRANSFER = {
  amount: integer(1),
  currency: oneOf('eur', 'usd', 'gbp', 'chf'),
  destination: text(),
  description: text(),
  source_transaction: text(),
  source_type: oneOf('bank_account', 'card', 'fpx'),
  transfer_group: text(),
  metadata: metadata(),
};

export const TRANSFER_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: '/v1/transfers',
    params: spec(TRANSFER, ['amount', 'currency', 'destination']),
    answer(world, params) {
      const account = world.accounts.get(params.text('destination') ?? '', 'destination');
      if (account.capabilities['transfers'] !== 'active') {
        throw refused('Your destination account needs to have the `transfers` capability enabled.', {
          code: 'insufficient_capabilities_for_transfer',
        });
      }
      const source = params.text('source_transaction');
      const amount = params.int('amount') ?? 0;
      if (source !== null && world.charges.get(source, 'source_transaction').amount < amount) {
        throw refused('Transfers using this transaction as a source must not exceed its amount.', { param: 'amount' });
      }
      if (source === null && amount > world.availableBalance) {
        throw refused('You have insufficient available funds in your Stripe account.', {
          code: 'balance_insufficient',
        });
      }
      world.availableBalance -= amount;
      const transfer = world.transfers.add({
        ...world.base('tr', 'transfer'),
        amount,
        amount_reversed: 0,
        currency: params.text('currency') ?? 'eur',
        destination: account.id,
        description: params.text('description'),
        reversed: false,
        source_transaction: source,
        transfer_group: params.text('transfer_group'),
        reversals: { object: 'list', data: [], has_more: false, total_count: 0 },
        metadata: params.metadata(),
      });
      world.emit('transfer.created', transfer);
      return transfer;
    },
  },
  {
    method: 'GET',
    path: '/v1/transfers',
    params: listSpec({
      destination: text(),
      transfer_group: text(),
      created: hash({ gt: integer(), gte: integer(), lt: integer(), lte: integer() }),
    }),
    answer: (world, params) => {
      const matches = (row: StripeTransfer) =>
        (['destination', 'transfer_group'] as const).every(
          (name) => params.text(name) === null || row[name] === params.text(name),
        );
      return page('/v1/transfers', world.transfers.where(matches), params);
    },
  },
  {
    method: 'GET',
    path: '/v1/transfers/:id',
    params: NOTHING,
    answer: (world, _params, id) => world.transfers.get(id, 'transfer'),
  },
  {
    method: 'POST',
    path: '/v1/transfers/:id/reversals',
    params: spec({ amount: integer(1), description: text(), metadata: metadata(), refund_application_fee: flag() }),
    answer(world, params, id) {
      const transfer = world.transfers.get(id, 'transfer');
      const left = transfer.amount - transfer.amount_reversed;
      const amount = params.int('amount') ?? left;
      if (amount > left || left === 0) {
        throw refused(`Reversal amount (${amount}) is greater than the remaining amount (${left}).`, {
          param: 'amount',
        });
      }
      return reverse(world, transfer, amount, params.metadata());
    },
  },
  {
    method: 'GET',
    path: '/v1/transfers/:id/reversals',
    params: listSpec(),
    answer: (world, params, id) =>
      page(`/v1/transfers/${id}/reversals`, world.transfers.get(id, 'transfer').reversals.data, params),
  },
  {
    method: 'GET',
    path: '/v1/transfers/:id/reversals/:sub',
    params: NOTHING,
    answer(world, _params, id, sub) {
      const found = world.transfers.get(id, 'transfer').reversals.data.find((row) => row.id === sub);
      if (!found) throw missing('transfer_reversal', sub);
      return found;
    },
  },
  {
    method: 'GET',
    path: '/v1/balance',
    params: NOTHING,
    answer: (world) => ({
      object: 'balance',
      livemode: false,
      available: [{ amount: world.availableBalance, currency: 'eur' }],
      pending: [],
    }),
  },
];

function reverse(
  world: StripeWorld,
  transfer: StripeTransfer,
  amount: number,
  meta: Record<string, string>,
): StripeReversal {
  const reversal: StripeReversal = {
    ...world.base('trr', 'transfer_reversal'),
    amount,
    currency: transfer.currency,
    transfer: transfer.id,
    metadata: meta,
  };
  transfer.reversals.data.unshift(reversal);
  transfer.reversals.total_count += 1;
  transfer.amount_reversed += amount;
  transfer.reversed = transfer.amount_reversed === transfer.amount;
  world.availableBalance += amount;
  world.emit('transfer.reversed', transfer);
  return reversal;
}
