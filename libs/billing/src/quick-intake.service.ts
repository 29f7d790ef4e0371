import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { addsJobs, Bundles, Database, isRolledBack, Signals, type JobSpec } from '@adiuva/platform';
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

/** What came of it; not `done` where nothing was. */
export type QuickOutcome = { readonly done: true; readonly userId: string | null } | { readonly done: false };

/** What `billing_look` asks for, and the row that `billing_take_together` takes, with the jobs that follow when it has taken it. */
interface Look {
  readonly event: string;
  readonly subscription: string;
  readonly customer: string | null;
  readonly userId: string | null;
}

interface Write {
  readonly row: Readonly<Record<string, unknown>>;
  readonly jobs: readonly JobSpec[];
}

/** `early`: what was seen has changed since; `held`: somebody else is at the same rows for long. Both have changed nothing. */
type Outcome = 'taken' | 'repeat' | 'early' | 'held';

const LOOK = `
  SELECT billing_look(event, subscription, customer, user_id) AS seen
  FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS g (event, subscription, customer, user_id, place) ORDER BY place`;
const TAKE = `
  WITH taken AS MATERIALIZED (SELECT billing_take_together($1) AS outcomes)
  SELECT outcomes, ${addsJobs('$2', "outcomes[job.cause] = 'taken'")} AS jobs FROM taken`;
/** Events in one journey to the database. */
const MOST_TOGETHER = 32;
/** Events about one subscription that arrive together pass each other only one at a time. */
const MOST_TRIES = 5;

/**
 * Takes an event in without holding locks while it thinks: one look, one write that fails when what was seen has changed, and then once more.
 * Two journeys to the database that it shares with the events that arrive in the same moment. Where somebody holds the rows for long, or the
 * database refuses the whole for the sake of one, the ledger's locks take over.
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
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const came = await this.try(word);
      if (came !== 'early') return came;
    }
    return { done: false };
  }

  private async try(word: SubscriptionWord): Promise<QuickOutcome | 'early'> {
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
    const outcome = await this.writes.add({ row, jobs: this.ledger.followUps(change) });
    if (outcome === 'early') return outcome;
    if (outcome === undefined || outcome === 'held') return { done: false };
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
    const rows = all.map(({ row }) => row);
    const jobs = all.flatMap((write, index) => write.jobs.map((job) => ({ ...job, cause: index + 1 })));
    const [told] = await this.database.hot<{ outcomes: readonly Outcome[] }>(TAKE, [
      JSON.stringify(rows),
      JSON.stringify(jobs),
    ]);
    return told?.outcomes ?? [];
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

/** A fault of one event must not be that of the others: where PostgreSQL has refused, each goes its own way. */
async function unlessRefused<T>(outcomes: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await outcomes;
  } catch (error) {
    if (isRolledBack(error)) return [];
    throw error;
  }
}
