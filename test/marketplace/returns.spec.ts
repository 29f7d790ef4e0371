import {
  NO_RETURNS,
  reduceReturns,
  returnedCents,
  type Returns,
  type ReturnUpdate,
} from '../../libs/marketplace/src/payments/returns';
import { orderings } from '../support/builders/stripe-life';

const PRICE = 999;
const refund = (at: number, cents: number): ReturnUpdate => ({ kind: 'refund', at, cents });
const failed = (at: number, cents: number, id = 're_1'): ReturnUpdate => ({
  kind: 'refund_failed',
  refund: id,
  at,
  cents,
});
const dispute = (at: number, precedence: number, withdrawn: boolean, cents = PRICE, id = 'du_1'): ReturnUpdate => ({
  kind: 'dispute',
  dispute: id,
  at,
  precedence,
  withdrawn,
  cents,
});

const after = (updates: readonly ReturnUpdate[]): Returns => updates.reduce(reduceReturns, NO_RETURNS);
const cents = (updates: readonly ReturnUpdate[]): number => returnedCents(after(updates), PRICE);

describe('the returned cents of a payment', () => {
  it.each<[string, readonly ReturnUpdate[], number]>([
    ['refunds in parts', [refund(1, 100), refund(2, 300), refund(3, 450)], 450],
    ['a refund that fails', [refund(1, 999), failed(2, 999), failed(3, 999)], 0],
    ['a refund that fails and is made again', [refund(1, 400), failed(2, 400), refund(3, 400)], 400],
    ['a dispute', [dispute(1, 0, true), dispute(1, 2, true)], PRICE],
    ['a partial dispute', [dispute(1, 0, true, 333), dispute(1, 2, true, 333)], 333],
    ['an inquiry', [dispute(1, 0, false), dispute(5, 1, false), dispute(9, 4, false)], 0],
    ['an inquiry that becomes a dispute', [dispute(1, 0, false), dispute(5, 1, true), dispute(5, 2, true)], PRICE],
    ['a won dispute', [dispute(1, 0, true), dispute(1, 2, true), dispute(9, 3, false), dispute(9, 4, false)], 0],
    ['a dispute won in its first second', [dispute(1, 0, true), dispute(1, 2, true), dispute(1, 4, false)], 0],
    ['a lost dispute', [dispute(1, 0, true), dispute(5, 1, true), dispute(9, 4, true)], PRICE],
    ['a refund and a dispute of the rest', [refund(1, 99), dispute(2, 0, true, 900)], PRICE],
    [
      'two disputes, of which one is won',
      [dispute(1, 0, true, 300), dispute(2, 0, true, 200, 'du_2'), dispute(3, 4, false, 300)],
      200,
    ],
    ['more than the price', [refund(1, 900), dispute(2, 0, true, 999)], PRICE],
  ])('are the same for every order and repetition of %s', (_, updates, expected) => {
    for (const order of orderings(updates)) {
      expect(cents(order)).toBe(expected);
      expect(cents([...order, ...order])).toBe(expected);
      expect(after(order.flatMap((update) => [update, update]))).toEqual(after(updates));
    }
  });

  it('are the same for random orders of random updates', () => {
    let seed = 11;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const any = (): ReturnUpdate => {
      const [kind, at] = [random(4), random(6)];
      if (kind === 0) return refund(at, random(PRICE));
      if (kind === 1) return failed(at, random(PRICE), `re_${random(3)}`);
      return dispute(at, random(5), random(2) === 0, random(PRICE), `du_${random(3)}`);
    };
    for (let round = 0; round < 500; round += 1) {
      const ids = new Map<string, number>();
      // One refund fails with one amount.
      const updates = Array.from({ length: 9 }, any).map((update) => {
        if (update.kind !== 'refund_failed') return update;
        const amount = ids.get(update.refund) ?? update.cents;
        ids.set(update.refund, amount);
        return { ...update, cents: amount };
      });
      const shuffled = [...updates].sort(() => random(3) - 1);
      expect(after([...shuffled, ...updates])).toEqual(after(updates));
    }
  });
});
