import {
  reduce,
  EMPTY_STATE,
  type SubscriptionState,
  type Snapshot,
  type SubscriptionUpdate,
} from '../../libs/billing/src/state/subscription-state';
import { entitlementOf, viewOf, type SubscriptionView } from '../../libs/billing/src/state/subscription-view';
import { STATUSES, type SubscriptionStatus } from '../../libs/billing/src/state/subscription-status';
import { orderings } from '../support/builders/stripe-life';

const DAY = 86_400;
const RULES = {
  tierOf: (price: string) => (price === 'pro' || price === 'power' || price === 'team' ? price : null),
  graceDays: 7,
};

let events = 0;
function snapshot(
  at: number,
  status: SubscriptionStatus,
  more: { price?: string; quantity?: number; precedence?: number; ending?: boolean } = {},
): SubscriptionUpdate {
  events += 1;
  const items = [{ price: more.price ?? 'pro', quantity: more.quantity ?? 1 }];
  const precedence = more.precedence ?? 1;
  return {
    kind: 'snapshot',
    snapshot: {
      at,
      precedence,
      eventId: `evt_${events}`,
      status,
      items,
      plan: null,
      periodEnd: 1_000,
      ending: more.ending ?? false,
    },
  };
}
function snapshotIn(update: SubscriptionUpdate): Snapshot {
  if (update.kind !== 'snapshot') throw new Error('no snapshot');
  return update.snapshot;
}
const paid = (at: number, invoice = 'in_1'): SubscriptionUpdate => ({ kind: 'paid', payment: { at, invoice } });
const failed = (at: number, invoice = 'in_2'): SubscriptionUpdate => ({ kind: 'failed', payment: { at, invoice } });
const sold = (at: number, isPaid = true): SubscriptionUpdate => ({
  kind: 'sold',
  sale: { at, eventId: 'evt_sold', plan: 'pro', seats: 1, paid: isPaid },
});

function stateAfter(...updates: readonly SubscriptionUpdate[]): SubscriptionState {
  return updates.reduce((state, update) => reduce(state, update, RULES), EMPTY_STATE);
}
function after(...updates: readonly SubscriptionUpdate[]): SubscriptionView {
  return viewOf(stateAfter(...updates), RULES);
}

describe('the view of a subscription', () => {
  it.each([
    [
      'bought, paid, changed, failed, ended',
      [
        snapshot(1, 'incomplete', { precedence: 0 }),
        paid(2),
        snapshot(3, 'active', { price: 'power' }),
        failed(4),
        snapshot(5, 'canceled', { precedence: 2, price: 'power' }),
      ],
      'canceled',
      'power',
    ],
    [
      'bought, paid, failed, past due, paid again',
      [snapshot(1, 'active', { precedence: 0 }), paid(2), failed(3), snapshot(4, 'past_due'), paid(5, 'in_2')],
      'active',
      'pro',
    ],
    [
      'all in one second',
      [snapshot(1, 'incomplete', { precedence: 0 }), sold(1), paid(1), snapshot(1, 'active'), failed(1)],
      'past_due',
      'pro',
    ],
    [
      'sold before anything else',
      [
        sold(1),
        snapshot(2, 'active', { price: 'team', quantity: 5 }),
        paid(2),
        snapshot(3, 'trialing', { price: 'team' }),
        snapshot(4, 'active', { price: 'team', ending: true }),
      ],
      'active',
      'team',
    ],
    [
      'ended, and named by later events',
      [snapshot(1, 'active'), snapshot(2, 'canceled', { precedence: 2 }), snapshot(3, 'active'), paid(4), failed(5)],
      'canceled',
      'pro',
    ],
  ] as const)('is the same for 120 orders and any repetition: %s', (_, update, status, tier) => {
    const inOrder = after(...update);
    expect(inOrder).toMatchObject({ status, tier });
    for (const order of orderings(update)) {
      expect(after(...order)).toEqual(inOrder);
      expect(after(...order, ...order)).toEqual(inOrder);
      expect(after(...order.flatMap((one) => [one, one, one]))).toEqual(inOrder);
    }
  });

  it('is the same for random orders of random updates', () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 300; round += 1) {
      const update = Array.from({ length: 8 }, (): SubscriptionUpdate => {
        const at = random(6);
        const kind = random(4);
        if (kind === 0) return paid(at, `in_${random(3)}`);
        if (kind === 1) return failed(at, `in_${random(3)}`);
        return snapshot(at, STATUSES[random(STATUSES.length - (round % 2 ? 2 : 0))] ?? 'active', {
          precedence: random(2),
        });
      });
      const shuffled = [...update].sort(() => random(3) - 1);
      expect(after(...shuffled, ...update)).toEqual(after(...update));
    }
  });

  it('is active as soon as its checkout is paid, whatever arrives late', () => {
    expect(after(sold(2), snapshot(1, 'incomplete', { precedence: 0 }))).toMatchObject({
      status: 'active',
      tier: 'pro',
    });
    expect(after(sold(2, false), snapshot(1, 'incomplete', { precedence: 0 })).status).toBe('incomplete');
    expect(after(sold(2), snapshot(3, 'incomplete')).status).toBe('incomplete');
  });

  it('never revives an ended subscription', () => {
    const ended = snapshot(5, 'canceled', { precedence: 2 });
    for (const update of [snapshot(9, 'active'), paid(9), sold(9), snapshot(9, 'trialing')])
      expect(after(ended, update).status).toBe('canceled');
  });

  it('lets no older event overrule a newer one', () => {
    expect(after(snapshot(9, 'active', { price: 'power' }), snapshot(3, 'past_due')).status).toBe('active');
    expect(after(snapshot(9, 'active', { price: 'power' }), snapshot(3, 'active', { price: 'team' })).tier).toBe(
      'power',
    );
    expect(after(snapshot(9, 'active'), failed(8)).status).toBe('active');
    expect(after(failed(8), paid(9, 'in_9'), snapshot(1, 'active')).status).toBe('active');
  });

  it('counts the grace from the first payment that failed, however often it is tried again', () => {
    const pastDue = after(
      snapshot(0, 'active'),
      failed(10 * DAY),
      failed(13 * DAY),
      snapshot(10 * DAY, 'past_due'),
      failed(15 * DAY),
    );
    expect(pastDue).toMatchObject({ status: 'past_due', graceUntil: 17 * DAY });
    const again = after(snapshot(0, 'active'), failed(10 * DAY), paid(12 * DAY, 'in_2'), failed(40 * DAY, 'in_3'));
    expect(again).toMatchObject({ status: 'past_due', graceUntil: 47 * DAY });
  });

  it('holds seats only for team, and takes the best of its items', () => {
    expect(after(snapshot(1, 'active', { price: 'team', quantity: 7 }))).toMatchObject({ tier: 'team', seats: 7 });
    expect(after(snapshot(1, 'active', { price: 'pro', quantity: 7 }))).toMatchObject({ tier: 'pro', seats: 1 });
    expect(after(snapshot(1, 'active', { price: 'of something else' }))).toMatchObject({ tier: null });
  });

  it('is what the API answers, whatever events told before', () => {
    const read = (status: SubscriptionStatus): SubscriptionUpdate => {
      const update = snapshot(1, status, { price: 'power' });
      return update.kind === 'snapshot' ? { kind: 'read', snapshot: update.snapshot } : update;
    };
    expect(after(snapshot(9, 'past_due'), failed(9), read('active'))).toMatchObject({
      status: 'active',
      tier: 'power',
    });
    expect(after(snapshot(9, 'active'), read('past_due'))).toMatchObject({
      status: 'past_due',
      graceUntil: 9 + 7 * DAY,
    });
    expect(after(failed(5), read('past_due')).graceUntil).toBe(5 + 7 * DAY);
    expect(after(snapshot(9, 'active'), read('canceled'), snapshot(10, 'active')).status).toBe('canceled');
  });

  it('detects two different snapshots of the same second, and only then', () => {
    const tied = (...updates: readonly SubscriptionUpdate[]): boolean => stateAfter(...updates).tied;
    expect(tied(snapshot(5, 'active', { price: 'pro' }), snapshot(5, 'active', { price: 'power' }))).toBe(true);
    expect(tied(snapshot(5, 'active'), snapshot(6, 'active', { price: 'power' }))).toBe(false);
    expect(tied(snapshot(5, 'active'), snapshot(5, 'active', { price: 'power' }), snapshot(6, 'active'))).toBe(false);
  });

  it('does not take an answer of the API for the end of its second', () => {
    const tied = (...updates: readonly SubscriptionUpdate[]): boolean => stateAfter(...updates).tied;
    const bought = snapshot(5, 'active');
    const read: SubscriptionUpdate = { kind: 'read', snapshot: { ...snapshotIn(bought), at: 1 } };
    expect(tied(bought, read, snapshot(5, 'active', { price: 'power' }))).toBe(true);
    expect(tied(bought, read, failed(5))).toBe(true);
    expect(tied(bought, read, paid(5))).toBe(true);
    expect(tied(bought, read, snapshot(5, 'active'), snapshot(6, 'active', { price: 'power' }), failed(6))).toBe(false);
  });
});

describe('a price of another product', () => {
  const foreign = (at: number) => snapshot(at, 'active', { price: 'price_of_another_product' });

  it('keeps the last tier of ours, in any order', () => {
    const updates = [
      snapshot(1, 'active', { price: 'pro' }),
      snapshot(2, 'active', { price: 'team', quantity: 4 }),
      foreign(3),
    ];
    for (const order of orderings(updates)) expect(after(...order)).toMatchObject({ tier: 'team', seats: 4 });
  });

  it('gives no tier where there never was one', () => {
    expect(after(foreign(1))).toMatchObject({ tier: null });
  });

  it('ends with the subscription', () => {
    const updates = [snapshot(1, 'active'), foreign(2), snapshot(3, 'canceled', { precedence: 2, price: 'other' })];
    expect(entitlementOf([after(...updates)], 10)).toEqual({ tier: 'free', seats: 1 });
  });
});

describe('the entitlement from subscriptions', () => {
  const view = (
    status: SubscriptionStatus,
    tier: SubscriptionView['tier'],
    seats = 1,
    graceUntil: number | null = null,
  ): SubscriptionView => ({
    status,
    tier,
    seats,
    graceUntil,
    periodEnd: null,
    cancelAtPeriodEnd: false,
  });

  it.each([
    ['none', [], 'free', 1],
    ['one that is active', [view('active', 'pro')], 'pro', 1],
    ['one on trial', [view('trialing', 'power')], 'power', 1],
    ['one in its grace', [view('past_due', 'pro', 1, 101)], 'pro', 1],
    ['one whose grace is over', [view('past_due', 'pro', 1, 100)], 'free', 1],
    ['one that is unpaid, in its grace', [view('unpaid', 'team', 4, 101)], 'team', 4],
    ['one that was never paid', [view('incomplete', 'pro')], 'free', 1],
    ['one that is paused', [view('paused', 'pro')], 'free', 1],
    ['one of another product', [view('active', null)], 'free', 1],
    ['two, of which the higher one counts', [view('active', 'pro'), view('active', 'team', 3)], 'team', 3],
    ['two of team', [view('active', 'team', 3), view('active', 'team', 9)], 'team', 9],
  ] as const)('%s', (_, views, tier, seats) => {
    expect(entitlementOf(views, 100)).toEqual({ tier, seats });
  });
});
