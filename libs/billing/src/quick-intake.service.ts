import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { Bundles, Database, isRolledBack, Signals } from '@adiuva/platform';
import { z } from 'zod';
import { ENTITLEMENT_CHANGED } from './entitlements.service';
import type { StripeEventHead, SubscriptionEvent } from './stripe-event';
import { Claims, next, NO_CLAIMS, type SubscriptionNews } from './subscription-claims';
import { SubscriptionLedger, type Change } from './subscription-ledger.service';
import { entitlementOf, SubscriptionView, viewOf } from './subscription-view';

/** An event that says something of a subscription. */
export interface SubscriptionWord {
  readonly event: StripeEventHead;
  readonly about: SubscriptionEvent;
  readonly subscription: string;
  readonly news: SubscriptionNews;
}

const Seen = z.object({
  userId: z.string().nullable(),
  heldBy: z.string().nullable(),
  claims: Claims.nullable(),
  version: z.number().nullable(),
  tier: z.enum(['free', 'pro', 'power', 'team']).nullable(),
  seats: z.number().nullable(),
  revision: z.number().nullable(),
  others: z.array(SubscriptionView),
  now: z.number(),
});

type Seen = z.infer<typeof Seen>;

/** What a quick try came to; `contended` when somebody else wrote in between, and nothing was done. */
export type QuickOutcome = { readonly done: true; readonly userId: string | null } | { readonly done: false };

/** What `billing_look` asks for, and the row that `billing_take_many` takes; its change where more than being written down follows from it. */
interface Look {
  readonly event: string;
  readonly subscription: string;
  readonly customer: string | null;
  readonly userId: string | null;
}

interface Write {
  readonly row: Readonly<Record<string, unknown>>;
  readonly change: Change | null;
}

type Outcome = 'taken' | 'repeat' | 'early';

const LOOK = `
  SELECT billing_look(event, subscription, customer, user_id) AS seen
  FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS g (event, subscription, customer, user_id, place) ORDER BY place`;
const TAKE = 'SELECT billing_take_many($1) AS outcomes';
/** Events in one journey to the database. */
const MOST_TOGETHER = 32;

/**
 * Takes an event in without holding locks while it thinks: one look, one write that fails when what was seen has changed. The usual case,
 * in two journeys to the database that it shares with the events that arrive in the same moment; under contention, and where the database
 * refuses the whole for the sake of one, the ledger's locks take over.
 */
@Injectable()
export class QuickIntake {
  private readonly looks = new Bundles<Look, { seen: unknown }>((all) => unlessRefused(this.look(all)), MOST_TOGETHER);
  private readonly writes = new Bundles<Write, Outcome>((all) => unlessRefused(this.write(all)), MOST_TOGETHER);

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly ledger: SubscriptionLedger,
  ) {}

  async take(word: SubscriptionWord): Promise<QuickOutcome> {
    const { event, about, subscription, news } = word;
    const { customer, userId } = about;
    const looked = await this.looks.add({ event: event.id, subscription, customer, userId });
    if (!looked) return { done: false };
    if (looked.seen === null) return { done: true, userId: null };
    const seen = Seen.parse(looked.seen);
    const before = seen.claims ?? NO_CLAIMS;
    const claims = next(before, news);
    const view = viewOf(claims, this.ledger.rules);
    const target = { subscription, customer, userId: seen.userId };
    const change = { target, before, claims, view, knownUser: seen.heldBy };
    const row = rowOf(word, seen, change);
    const outcome = await this.writes.add({ row, change: this.ledger.hasFollowUps(change) ? change : null });
    if (outcome === undefined || outcome === 'early') return { done: false };
    if (row.change !== null) this.signals.announce(ENTITLEMENT_CHANGED, { user_id: seen.userId });
    return { done: true, userId: seen.userId };
  }

  private look(all: readonly Look[]): Promise<readonly { seen: unknown }[]> {
    return this.database.hot<{ seen: unknown }>(LOOK, [
      all.map(({ event }) => event),
      all.map(({ subscription }) => subscription),
      all.map(({ customer }) => customer),
      all.map(({ userId }) => userId),
    ]);
  }

  private async write(all: readonly Write[]): Promise<readonly Outcome[]> {
    const rows = JSON.stringify(all.map(({ row }) => row));
    if (all.every(({ change }) => change === null)) return outcomesOf(await this.database.hot(TAKE, [rows]));
    return this.database.transaction(async (tx) => {
      const outcomes = outcomesOf(await tx.query(TAKE, [rows]));
      for (const [index, { change }] of all.entries()) {
        if (change !== null && outcomes[index] === 'taken') await this.ledger.followUp(tx, change);
      }
      return outcomes;
    });
  }
}

function rowOf({ event, about, subscription }: SubscriptionWord, seen: Seen, { claims, view }: Change) {
  const live = claims.ended ? seen.others : [...seen.others, view];
  const before = { tier: seen.tier ?? 'free', seats: seen.seats ?? 1 };
  const after = entitlementOf(live, seen.now);
  const changed = after.tier !== before.tier || after.seats !== before.seats;
  return {
    ...{ event: event.id, type: event.type, subscription, customer: about.customer, user: seen.userId },
    ...{ version: seen.version, revision: seen.revision, claims, view, ended: claims.ended },
    ...{ old_tier: before.tier, old_seats: before.seats, new_tier: after.tier, new_seats: after.seats },
    change: changed ? newId() : null,
  };
}

function outcomesOf([row]: readonly { outcomes: readonly Outcome[] }[]): readonly Outcome[] {
  return row?.outcomes ?? [];
}

/** A fault of one event must not be that of the others: where PostgreSQL has refused, each goes its own way. */
async function unlessRefused<T>(outcomes: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await outcomes;
  } catch (error) {
    if (isRolledBack(error)) return [];
    throw error;
  }
}
