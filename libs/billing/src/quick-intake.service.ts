import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { Database, Signals, type Tx } from '@adiuva/platform';
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

const LOOK = 'SELECT billing_look($1, $2, $3, $4) AS seen';
const TAKE = 'SELECT billing_take($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS taken';
const SEEN_TOO_EARLY = 'BL001';

/**
 * Takes an event in without holding locks while it thinks: one look, one write that fails when what was seen has changed. The usual case,
 * in two journeys to the database; under contention the ledger's locks take over.
 */
@Injectable()
export class QuickIntake {
  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
    private readonly ledger: SubscriptionLedger,
  ) {}

  async take(word: SubscriptionWord): Promise<QuickOutcome> {
    const { event, about, subscription, news } = word;
    const values = [event.id, subscription, about.customer, about.userId];
    const [row] = await this.database.hot<{ seen: unknown }>(LOOK, values);
    if (!row || row.seen === null) return { done: true, userId: null };
    const seen = Seen.parse(row.seen);
    const before = seen.claims ?? NO_CLAIMS;
    const claims = next(before, news);
    const view = viewOf(claims, this.ledger.rules);
    const target = { subscription, customer: about.customer, userId: seen.userId };
    const change = { target, before, claims, view, knownUser: seen.heldBy };
    const write = this.valuesOf(word, seen, change);
    try {
      if (!this.ledger.hasFollowUps(change)) await this.database.hot(TAKE, write);
      else await this.database.transaction((tx) => this.takeAndFollowUp(tx, write, change));
      if (write.at(-1) !== null) this.signals.announce(ENTITLEMENT_CHANGED, { user_id: seen.userId });
      return { done: true, userId: seen.userId };
    } catch (error) {
      if (isSeenTooEarly(error)) return { done: false };
      throw error;
    }
  }

  private async takeAndFollowUp(tx: Tx, write: readonly unknown[], change: Change): Promise<void> {
    const [row] = await tx.query<{ taken: boolean }[]>(TAKE, [...write]);
    if (row?.taken) await this.ledger.followUp(tx, change);
  }

  private valuesOf({ event, about, subscription }: SubscriptionWord, seen: Seen, { claims, view }: Change): unknown[] {
    const live = claims.ended ? seen.others : [...seen.others, view];
    const before = { tier: seen.tier ?? 'free', seats: seen.seats ?? 1 };
    const after = entitlementOf(live, seen.now);
    const changed = after.tier !== before.tier || after.seats !== before.seats;
    return [
      ...[event.id, event.type, subscription, about.customer, seen.userId, seen.version, seen.revision],
      ...[JSON.stringify(claims), JSON.stringify(view), claims.ended],
      ...[before.tier, before.seats, after.tier, after.seats],
      changed ? newId() : null,
    ];
  }
}

function isSeenTooEarly(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === SEEN_TOO_EARLY;
}
