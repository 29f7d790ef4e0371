import { z } from 'zod';
import { PAID_TIERS, type PaidTier } from '../billing.config';
import { isOver, isPaidUp, isPastDue, rankOf, STATUSES } from './subscription-status';

/** The whole subscription as Stripe described it at a time (seconds). */
const Snapshot = z.object({
  at: z.number(),
  /** Order of events of the same second: 0 created, 1 updated, 2 deleted, 3 read from the API. */
  precedence: z.number(),
  /** The event's id, which breaks the last tie in the same way on every node. */
  eventId: z.string(),
  status: z.enum(STATUSES),
  items: z.array(z.object({ price: z.string(), quantity: z.number() })),
  /** The tier that our checkout wrote into the metadata. */
  plan: z.enum(PAID_TIERS).nullable(),
  periodEnd: z.number().nullable(),
  ending: z.boolean(),
});

const Sale = z.object({
  at: z.number(),
  eventId: z.string(),
  plan: z.enum(PAID_TIERS).nullable(),
  seats: z.number(),
  paid: z.boolean(),
});
const Payment = z.object({ at: z.number(), invoice: z.string().nullable() });

/**
 * Everything that events have told of one subscription, kept so that the order in which they arrive does not matter: every member is a
 * maximum, or a set that is cut by a maximum.
 */
export const SubscriptionState = z.object({
  ended: z.boolean(),
  snapshot: Snapshot.nullable(),
  /** The newest snapshot with a price of ours; a change to a foreign price does not take the tier away. */
  priced: Snapshot.nullable(),
  sale: Sale.nullable(),
  paid: Payment.nullable(),
  /** The last second in which nothing was due. */
  paidUntil: z.number(),
  /** Since then: when payments failed or the status was past due. */
  pastDue: z.array(Payment),
  /** Snapshots of one second differ and have no order of their own, so only the API can tell which one holds. */
  tied: z.boolean(),
});

export type SubscriptionState = z.infer<typeof SubscriptionState>;
export type Snapshot = z.infer<typeof Snapshot>;
export type Sale = z.infer<typeof Sale>;
export type Payment = z.infer<typeof Payment>;

/** One update of a subscription. `read` is an answer of the API, and overrules all earlier events. */
export type SubscriptionUpdate =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  | { readonly kind: 'read'; readonly snapshot: Snapshot }
  | { readonly kind: 'sold'; readonly sale: Sale }
  | { readonly kind: 'paid'; readonly payment: Payment }
  | { readonly kind: 'failed'; readonly payment: Payment };

/** What the configuration says of prices and payments. */
export interface PlanRules {
  readonly tierOf: (price: string) => PaidTier | null;
  readonly graceDays: number;
}

export const EMPTY_STATE: SubscriptionState = {
  ended: false,
  snapshot: null,
  priced: null,
  sale: null,
  paid: null,
  paidUntil: 0,
  pastDue: [],
  tied: false,
};

const MAX_MARKS = 40;
/** The precedence of an answer of the API. */
export const READ = 3;

/** The state after `update`. The same for every order and repetition of the same updates; a subscription that has ended stays ended. */
export function reduce(state: SubscriptionState, update: SubscriptionUpdate, rules: PlanRules): SubscriptionState {
  switch (update.kind) {
    case 'snapshot':
      return withSnapshot(state, update.snapshot, rules);
    case 'read':
      return withRead(state, update.snapshot, rules);
    case 'sold':
      return { ...state, sale: later(state.sale, update.sale) };
    case 'paid':
      return pruned({
        ...state,
        paid: laterPayment(state.paid, update.payment),
        paidUntil: Math.max(state.paidUntil, update.payment.at),
        tied: state.tied || isInSecondOfRead(state, update.payment.at),
      });
    case 'failed':
      return pruned({
        ...state,
        pastDue: marked(state.pastDue, update.payment),
        tied: state.tied || isInSecondOfRead(state, update.payment.at),
      });
  }
}

function withSnapshot(state: SubscriptionState, snapshot: Snapshot, rules: PlanRules): SubscriptionState {
  const known = state.snapshot;
  const order = known ? compare(snapshot, known) : 1;
  const rival =
    known !== null &&
    known.eventId !== snapshot.eventId &&
    known.at === snapshot.at &&
    (known.precedence === snapshot.precedence || known.precedence === READ) &&
    !same(known, snapshot);
  return pruned({
    ...state,
    ended: state.ended || isOver(snapshot.status),
    snapshot: order > 0 ? snapshot : known,
    priced: laterPriced(state.priced, snapshot, rules),
    paidUntil: isPaidUp(snapshot.status) ? Math.max(state.paidUntil, snapshot.at) : state.paidUntil,
    pastDue: isPastDue(snapshot.status) ? marked(state.pastDue, { at: snapshot.at, invoice: null }) : state.pastDue,
    tied: order > 0 ? rival || (state.tied && known?.at === snapshot.at) : state.tied || rival,
  });
}

/** No event up to now may overrule what the API answers. */
function withRead(state: SubscriptionState, read: Snapshot, rules: PlanRules): SubscriptionState {
  const at = Math.max(read.at, state.snapshot?.at ?? 0, state.paid?.at ?? 0, ...state.pastDue.map((mark) => mark.at));
  const due = isPastDue(read.status);
  const snapshot = { ...read, at, precedence: READ };
  return {
    ...state,
    ended: state.ended || isOver(read.status),
    snapshot,
    priced: laterPriced(state.priced, snapshot, rules),
    paidUntil: isPaidUp(read.status) ? at : state.paidUntil,
    paid: due ? null : state.paid,
    pastDue: due ? (state.pastDue.length > 0 ? state.pastDue : [{ at, invoice: null }]) : [],
    tied: false,
  };
}

function laterPriced(known: Snapshot | null, snapshot: Snapshot, rules: PlanRules): Snapshot | null {
  if (!snapshot.items.some(({ price }) => rules.tierOf(price) !== null)) return known;
  return known === null || compare(snapshot, known) > 0 ? snapshot : known;
}

/** Greater than 0 where `one` is later than `other`. */
function compare(one: Snapshot, other: Snapshot): number {
  return (
    one.at - other.at ||
    one.precedence - other.precedence ||
    rankOf(one.status) - rankOf(other.status) ||
    (one.periodEnd ?? 0) - (other.periodEnd ?? 0) ||
    Number(one.ending) - Number(other.ending) ||
    (one.eventId < other.eventId ? -1 : Number(one.eventId > other.eventId))
  );
}

/** The API answered in a second in which more has happened: before the answer or after it. */
function isInSecondOfRead({ snapshot }: SubscriptionState, at: number): boolean {
  return snapshot?.precedence === READ && snapshot.at === at;
}

function same(one: Snapshot, other: Snapshot): boolean {
  const [first, second] = [one, other].map((snapshot) => JSON.stringify({ ...snapshot, eventId: '', precedence: 0 }));
  return first === second;
}

function later(known: Sale | null, sale: Sale): Sale {
  if (!known) return sale;
  const order = sale.at - known.at || Number(sale.paid) - Number(known.paid) || (sale.eventId > known.eventId ? 1 : -1);
  return order > 0 ? sale : known;
}

function laterPayment(known: Payment | null, payment: Payment): Payment {
  if (!known || payment.at > known.at) return payment;
  return payment.at === known.at && (payment.invoice ?? '') > (known.invoice ?? '') ? payment : known;
}

function marked(marks: readonly Payment[], mark: Payment): Payment[] {
  const others = marks.filter((known) => known.at !== mark.at || known.invoice !== mark.invoice);
  return [...others, mark].sort((a, b) => a.at - b.at || (a.invoice ?? '').localeCompare(b.invoice ?? ''));
}

/** Drops what was due before the last second in which all was paid; keeps the first and the last marks where there are too many. */
function pruned(state: SubscriptionState): SubscriptionState {
  const open = state.pastDue.filter((mark) => mark.at >= state.paidUntil);
  const few = open.length <= MAX_MARKS ? open : [...open.slice(0, MAX_MARKS / 2), ...open.slice(-MAX_MARKS / 2)];
  return { ...state, pastDue: few };
}
