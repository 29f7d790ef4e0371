import { z } from 'zod';

/** An amount at a time (seconds). */
const Amount = z.object({ at: z.number(), cents: z.number() });

const DisputeState = z.object({
  at: z.number(),
  /** Order of events of the same second. */
  precedence: z.number(),
  /** Whether the bank holds the money; an inquiry holds nothing, a won dispute gives it back. */
  withdrawn: z.boolean(),
  cents: z.number(),
});

/**
 * The money of one payment that went back to the buyer, as events told. Every member is a maximum or a minimum, so that order and
 * repetition of the events do not matter.
 */
export const Returns = z.object({
  /** All refunds together, as of the charge's newest event. */
  refunded: Amount.nullable(),
  /** Refunds that failed, by their id: their money came back to the platform. */
  failedRefunds: z.record(z.string(), Amount),
  /** Disputes by their id. */
  disputes: z.record(z.string(), DisputeState),
});

export type Returns = z.infer<typeof Returns>;
type Amount = z.infer<typeof Amount>;
type DisputeState = z.infer<typeof DisputeState>;

export type ReturnUpdate =
  | ({ readonly kind: 'refund' } & Amount)
  | ({ readonly kind: 'refund_failed'; readonly refund: string } & Amount)
  | ({ readonly kind: 'dispute'; readonly dispute: string } & DisputeState);

export const NO_RETURNS: Returns = { refunded: null, failedRefunds: {}, disputes: {} };

/** The returns after `update`; the same for every order and repetition of the same updates. */
export function reduceReturns(returns: Returns, update: ReturnUpdate): Returns {
  switch (update.kind) {
    case 'refund': {
      const { refunded } = returns;
      const newer = refunded === null || update.at - refunded.at || update.cents - refunded.cents;
      return newer === true || newer > 0 ? { ...returns, refunded: { at: update.at, cents: update.cents } } : returns;
    }
    case 'refund_failed': {
      const { refund, at, cents } = update;
      const known = returns.failedRefunds[refund];
      const first = known && known.at <= at ? known : { at, cents };
      return { ...returns, failedRefunds: { ...returns.failedRefunds, [refund]: first } };
    }
    case 'dispute': {
      const { dispute, at, precedence, withdrawn, cents } = update;
      const known = returns.disputes[dispute];
      const state = { at, precedence, withdrawn, cents };
      const latest = known && compare(known, state) >= 0 ? known : state;
      return { ...returns, disputes: { ...returns.disputes, [dispute]: latest } };
    }
  }
}

/** The cents that are with the buyer or the bank, of `priceCents`. */
export function returnedCents({ refunded, failedRefunds, disputes }: Returns, priceCents: number): number {
  // The charge's total does not contain what failed before it was written.
  const failed = sum(Object.values(failedRefunds).filter(({ at }) => at >= (refunded?.at ?? 0)));
  const disputed = sum(Object.values(disputes).filter(({ withdrawn }) => withdrawn));
  return Math.min(priceCents, Math.max(0, (refunded?.cents ?? 0) - failed) + disputed);
}

/** Greater than 0 where `one` is later than `other`. */
function compare(one: DisputeState, other: DisputeState): number {
  return (
    one.at - other.at ||
    one.precedence - other.precedence ||
    Number(one.withdrawn) - Number(other.withdrawn) ||
    one.cents - other.cents
  );
}

function sum(amounts: readonly { readonly cents: number }[]): number {
  return amounts.reduce((total, { cents }) => total + cents, 0);
}
