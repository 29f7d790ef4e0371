import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { enqueueSql, MicroBatcher, Database, isRolledBack, PubSub, type JobSpec } from '@adiuva/platform';
import { LRUCache } from 'lru-cache';
import { ENTITLEMENT_CHANGED } from './entitlements/entitlements.service';
import { seenAfter, SeenSubscription, withNews } from './seen-subscription';
import type { StripeEventHead, SubscriptionEvent } from './stripe/stripe-event';
import type { SubscriptionUpdate } from './state/subscription-state';
import { SubscriptionWriter } from './subscriptions/subscription-writer.service';

/** An event that says something of a subscription. */
export interface SubscriptionWord {
  readonly event: StripeEventHead;
  readonly about: SubscriptionEvent;
  readonly subscription: string;
  readonly news: SubscriptionUpdate;
}

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

/** What this node has seen, or written, of a subscription; `at` as `performance.now()` says it. */
interface Known {
  readonly seen: SeenSubscription;
  /** The customer who is known to be the user's. */
  readonly customer: string | null;
  readonly at: number;
}

const LOOK = `
  SELECT billing_look(event, subscription, customer, user_id) AS seen
  FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS g (event, subscription, customer, user_id, place) ORDER BY place`;
const TAKE = `
  WITH taken AS MATERIALIZED (SELECT billing_take_together($1) AS outcomes)
  SELECT outcomes, ${enqueueSql('$2', "outcomes[job.cause] = 'taken'")} AS jobs FROM taken`;
/** Events in one journey to the database. */
const MAX_TOGETHER = 32;
/** Events about one subscription that arrive together pass each other only one at a time. */
const MAX_TRIES = 5;
const MAX_WRITTEN = 5_000;
const WRITTEN_MS = 60_000;

/**
 * Takes an event in without holding locks while it thinks: one look, one write that fails when what was seen has changed, and then once more.
 * Two journeys to the database that it shares with the events that arrive in the same moment. Where somebody holds the rows for long, or the
 * database refuses the whole for the sake of one, the ledger's locks take over.
 */
@Injectable()
export class QuickIntake {
  private readonly looks = new MicroBatcher<Look, { seen: unknown }>(
    (all) => unlessRefused(this.look(all)),
    MAX_TOGETHER,
  );
  private readonly writes = new MicroBatcher<Write, Outcome>((all) => unlessRefused(this.write(all)), MAX_TOGETHER);

  /** What this node wrote last, of subscriptions whose user is known: more news of them come soon, and need no look. */
  private readonly written = new LRUCache<string, Known>({ max: MAX_WRITTEN, ttl: WRITTEN_MS });

  constructor(
    private readonly database: Database,
    private readonly pubSub: PubSub,
    private readonly ledger: SubscriptionWriter,
  ) {}

  async take(word: SubscriptionWord): Promise<QuickOutcome> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const came = await this.try(word);
      if (came !== 'early') return came;
    }
    return { done: false };
  }

  private async try(word: SubscriptionWord): Promise<QuickOutcome | 'early'> {
    const { subscription, about, news } = word;
    const written = this.written.get(subscription);
    const seen = written ? asOfNow(written) : await this.seenOf(word);
    if (seen === 'refused') return { done: false };
    if (seen === 'repeat') return { done: true, userId: null };
    const { userId } = seen;
    const made = withNews(seen, news, this.ledger.rules);
    const { customer } = about;
    const row = { ...rowOf(word, seen, made), customer: customer === written?.customer ? null : customer };
    const target = { subscription, customer, userId };
    const jobs = this.ledger.followUps({ ...made, target, knownUser: seen.heldBy });
    const outcome = await this.writes.enqueue({ row, jobs });
    if (outcome === 'taken') {
      if (userId !== null) this.remember(subscription, seenAfter(seen, made), customer ?? written?.customer ?? null);
      if (row.change !== null) this.pubSub.publish(ENTITLEMENT_CHANGED, { user_id: userId });
    } else if (outcome !== 'repeat') {
      if (this.written.get(subscription) === written) this.written.delete(subscription);
      return outcome === 'early' ? outcome : { done: false };
    }
    return { done: true, userId };
  }

  private remember(subscription: string, seen: SeenSubscription, customer: string | null): void {
    this.written.set(subscription, { seen, customer, at: performance.now() });
  }

  private async seenOf({
    event,
    subscription,
    about,
  }: SubscriptionWord): Promise<SeenSubscription | 'repeat' | 'refused'> {
    const { customer, userId } = about;
    const looked = await this.looks.enqueue({ event: event.id, subscription, customer, userId });
    if (!looked) return 'refused';
    return looked.seen === null ? 'repeat' : SeenSubscription.parse(looked.seen);
  }

  private look(all: readonly Look[]): Promise<readonly { seen: unknown }[]> {
    return this.database.prepared<{ seen: unknown }>(LOOK, [
      all.map(({ event }) => event),
      all.map(({ subscription }) => subscription),
      all.map(({ customer }) => customer),
      all.map(({ userId }) => userId),
    ]);
  }

  private async write(all: readonly Write[]): Promise<readonly Outcome[]> {
    const rows = all.map(({ row }) => row);
    const jobs = all.flatMap((write, index) => write.jobs.map((job) => ({ ...job, cause: index + 1 })));
    const [told] = await this.database.prepared<{ outcomes: readonly Outcome[] }>(TAKE, [
      JSON.stringify(rows),
      JSON.stringify(jobs),
    ]);
    return told?.outcomes ?? [];
  }
}

function asOfNow({ seen, at }: Known): SeenSubscription {
  return { ...seen, now: seen.now + (performance.now() - at) / 1000 };
}

function rowOf({ event, subscription }: SubscriptionWord, seen: SeenSubscription, made: ReturnType<typeof withNews>) {
  const { claims, view, had, entitled } = made;
  const changed = entitled.tier !== had.tier || entitled.seats !== had.seats;
  return {
    event: event.id,
    type: event.type,
    subscription,
    user: seen.userId,
    version: seen.version,
    revision: seen.revision,
    claims,
    view,
    ended: claims.ended,
    old_tier: had.tier,
    old_seats: had.seats,
    new_tier: entitled.tier,
    new_seats: entitled.seats,
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
