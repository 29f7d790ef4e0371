import { z } from 'zod';
import { isOver, isOwing, isPaidUp, rankOf, STATUSES } from './subscription-status';

const PaidTierName = z.enum(['pro', 'power', 'team']);

/** What Stripe said about the whole subscription at a time (seconds). */
const Snapshot = z.object({
  at: z.number(),
  /** Of events in the same second: 0 created, 1 updated, 2 deleted, 3 read from Stripe. */
  step: z.number(),
  /** The event's id, the last resort for an order that everybody agrees on. */
  said: z.string(),
  status: z.enum(STATUSES),
  items: z.array(z.object({ price: z.string(), quantity: z.number() })),
  /** The tier that we wrote into its metadata when it was sold. */
  plan: PaidTierName.nullable(),
  periodEnd: z.number().nullable(),
  ending: z.boolean(),
});

const Sale = z.object({
  at: z.number(),
  said: z.string(),
  plan: PaidTierName.nullable(),
  seats: z.number(),
  paid: z.boolean(),
});
const Payment = z.object({ at: z.number(), invoice: z.string().nullable() });

/**
 * All that has been claimed about one subscription, kept so that the order in which events arrive does not matter: every member is a
 * maximum, or a set that is cut by a maximum.
 */
export const SubscriptionState = z.object({
  ended: z.boolean(),
  snapshot: Snapshot.nullable(),
  sale: Sale.nullable(),
  paid: Payment.nullable(),
  /** The last second in which it was paid up. */
  goodAt: z.number(),
  /** Since then: when payments failed or it was said to owe. */
  owing: z.array(Payment),
  /** What was said in one second differs and has no order of its own, so only Stripe knows which holds. */
  tied: z.boolean(),
});

export type SubscriptionState = z.infer<typeof SubscriptionState>;
export type Snapshot = z.infer<typeof Snapshot>;
export type Sale = z.infer<typeof Sale>;
export type Payment = z.infer<typeof Payment>;

/** One piece of news about a subscription. `read` is what Stripe answered when asked, and overrules all that was said before. */
export type SubscriptionUpdate =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'read'; readonly snapshot: Snapshot }
  | { readonly kind: 'sold'; readonly sale: Sale }
  | { readonly kind: 'paid'; readonly payment: Payment }
  | { readonly kind: 'failed'; readonly payment: Payment };

export const EMPTY_STATE: SubscriptionState = {
  ended: false,
  snapshot: null,
  sale: null,
  paid: null,
  goodAt: 0,
  owing: [],
  tied: false,
};

const MAX_MARKS = 40;
/** The step of what Stripe answered. */
const READ = 3;

/** The state after `news`. The same for every order and repetition of the same news; a subscription that has ended stays so. */
export function reduce(claims: SubscriptionState, news: SubscriptionUpdate): SubscriptionState {
  switch (news.kind) {
    case 'snapshot':
      return withSnapshot(claims, news.snapshot);
    case 'read':
      return withReading(claims, news.snapshot);
    case 'sold':
      return { ...claims, sale: later(claims.sale, news.sale) };
    case 'paid':
      return pruned({
        ...claims,
        paid: laterPayment(claims.paid, news.payment),
        goodAt: Math.max(claims.goodAt, news.payment.at),
        tied: claims.tied || isOfReadSecond(claims, news.payment.at),
      });
    case 'failed':
      return pruned({
        ...claims,
        owing: marked(claims.owing, news.payment),
        tied: claims.tied || isOfReadSecond(claims, news.payment.at),
      });
  }
}

function withSnapshot(claims: SubscriptionState, said: Snapshot): SubscriptionState {
  const known = claims.snapshot;
  const order = known ? compare(said, known) : 1;
  const rival =
    known !== null &&
    known.said !== said.said &&
    known.at === said.at &&
    (known.step === said.step || known.step === READ) &&
    !same(known, said);
  return pruned({
    ...claims,
    ended: claims.ended || isOver(said.status),
    snapshot: order > 0 ? said : known,
    goodAt: isPaidUp(said.status) ? Math.max(claims.goodAt, said.at) : claims.goodAt,
    owing: isOwing(said.status) ? marked(claims.owing, { at: said.at, invoice: null }) : claims.owing,
    tied: order > 0 ? rival || (claims.tied && known?.at === said.at) : claims.tied || rival,
  });
}

/** Nothing that was said up to now may overrule what Stripe answers. */
function withReading(claims: SubscriptionState, read: Snapshot): SubscriptionState {
  const at = Math.max(read.at, claims.snapshot?.at ?? 0, claims.paid?.at ?? 0, ...claims.owing.map((mark) => mark.at));
  const owing = isOwing(read.status) ? (claims.owing.length > 0 ? claims.owing : [{ at, invoice: null }]) : [];
  return {
    ...claims,
    ended: claims.ended || isOver(read.status),
    snapshot: { ...read, at, step: READ },
    goodAt: isPaidUp(read.status) ? at : claims.goodAt,
    paid: isOwing(read.status) ? null : claims.paid,
    owing,
    tied: false,
  };
}

/** Greater than 0 where `one` was said after `other`. */
function compare(one: Snapshot, other: Snapshot): number {
  return (
    one.at - other.at ||
    one.step - other.step ||
    rankOf(one.status) - rankOf(other.status) ||
    (one.periodEnd ?? 0) - (other.periodEnd ?? 0) ||
    Number(one.ending) - Number(other.ending) ||
    (one.said < other.said ? -1 : Number(one.said > other.said))
  );
}

/** Stripe answered in a second in which more has happened: before the answer or after it. */
function isOfReadSecond({ snapshot }: SubscriptionState, at: number): boolean {
  return snapshot?.step === READ && snapshot.at === at;
}

function same(one: Snapshot, other: Snapshot): boolean {
  const [first, second] = [one, other].map((snapshot) => JSON.stringify({ ...snapshot, said: '', step: 0 }));
  return first === second;
}

function later(known: Sale | null, said: Sale): Sale {
  if (!known) return said;
  const order = said.at - known.at || Number(said.paid) - Number(known.paid) || (said.said > known.said ? 1 : -1);
  return order > 0 ? said : known;
}

function laterPayment(known: Payment | null, said: Payment): Payment {
  if (!known || said.at > known.at) return said;
  return said.at === known.at && (said.invoice ?? '') > (known.invoice ?? '') ? said : known;
}

function marked(marks: readonly Payment[], mark: Payment): Payment[] {
  const others = marks.filter((known) => known.at !== mark.at || known.invoice !== mark.invoice);
  return [...others, mark].sort((a, b) => a.at - b.at || (a.invoice ?? '').localeCompare(b.invoice ?? ''));
}

/** Forgets what was owed before the last second in which all was paid; keeps the first and the last marks where there are too many. */
function pruned(claims: SubscriptionState): SubscriptionState {
  const open = claims.owing.filter((mark) => mark.at >= claims.goodAt);
  const few = open.length <= MAX_MARKS ? open : [...open.slice(0, MAX_MARKS / 2), ...open.slice(-MAX_MARKS / 2)];
  return { ...claims, owing: few };
}
