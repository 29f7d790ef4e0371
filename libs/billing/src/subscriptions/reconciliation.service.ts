import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { Database, Log } from '@adiuva/platform';
import { SubscriptionPayments, type ReadSubscription } from '../payments/payment.port';
import { EMPTY_STATE, reduce } from '../state/subscription-state';
import { SubscriptionWriter } from './subscription-writer.service';
import { viewOf, type SubscriptionView } from '../state/subscription-view';

/**
 * `missing`: Stripe has it, we had not. `differs`: both have it, otherwise. `vanished`: we have it alive, Stripe does not know it. `unowned`:
 * nobody knows whose it is. `doubled`: one user pays for two. `unknown_price`: it sells none of our tiers.
 */
export type DriftKind = 'missing' | 'differs' | 'vanished' | 'unowned' | 'doubled' | 'unknown_price';

export interface Drift {
  readonly kind: DriftKind;
  readonly subscription: string | null;
  readonly userId: string | null;
  readonly ours: string;
  readonly theirs: string;
  /** False for what only a person can decide. */
  readonly mended: boolean;
}

interface Known {
  readonly id: string;
  readonly user_id: string | null;
  readonly view: SubscriptionView;
  readonly ended: boolean;
  readonly version: number;
}

const BATCH = 200;

/** Holds our books against Stripe's: lists where they differ, and mends ours. */
@Injectable()
export class Reconciliation {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly ledger: SubscriptionWriter,
    private readonly log: Log,
  ) {}

  /** What was found, which is also kept and logged. Without a key only tiers are held against subscriptions. */
  async run(signal?: AbortSignal): Promise<readonly Drift[]> {
    const drifts: Drift[] = [];
    if (this.payments.configured) {
      const seen = new Set<string>();
      for await (const read of this.payments.subscriptions()) {
        signal?.throwIfAborted();
        seen.add(read.id);
        drifts.push(...(await this.compare(read)));
      }
      drifts.push(...(await this.vanished(seen, signal)));
    }
    drifts.push(...(await this.doubled()));
    await this.reviewTiers(signal);
    await this.keep(drifts);
    return drifts;
  }

  /** Events older than Stripe's longest repetition are forgotten, so is what ended and was nobody's, and drifts after a year. */
  async sweep(): Promise<void> {
    await this.database.query(`DELETE FROM stripe_events WHERE received_at < now() - interval '90 days'`);
    await this.database.query(
      `DELETE FROM subscriptions WHERE ended AND user_id IS NULL AND updated_at < now() - interval '90 days'`,
    );
    await this.database.query(`DELETE FROM billing_drifts WHERE found_at < now() - interval '1 year'`);
  }

  private async compare(read: ReadSubscription): Promise<Drift[]> {
    const known = await this.find(read.id);
    const theirs = viewOf(reduce(EMPTY_STATE, { kind: 'read', snapshot: read.snapshot }), this.ledger.rules);
    const differs = !known || describe(known.view) !== describe(theirs);
    if (!differs && known.user_id !== null) return [];
    const over = theirs.status === 'canceled' || theirs.status === 'incomplete_expired';
    if (over && (known?.ended ?? true)) return [];
    const unowned = (known?.user_id ?? null) === null && read.userId === null && read.customer !== null;
    const owner = unowned && read.customer !== null ? await this.payments.userOfCustomer(read.customer) : read.userId;
    const settled = await this.database.transaction((tx) =>
      this.ledger.settle(tx, read, known?.version ?? null, owner, 'reconciliation'),
    );
    const after = await this.find(read.id);
    const about = { subscription: read.id, userId: after?.user_id ?? null, theirs: describe(theirs) };
    const ours = known ? describe(known.view) : 'nothing';
    const found: Drift[] = differs ? [{ ...about, kind: known ? 'differs' : 'missing', ours, mended: settled }] : [];
    if (after?.user_id == null) found.push({ ...about, kind: 'unowned', ours, mended: false });
    if (theirs.tier === null && !over) found.push({ ...about, kind: 'unknown_price', ours, mended: false });
    return found;
  }

  /** What we have alive and Stripe did not list: made since, or gone. */
  private async vanished(seen: ReadonlySet<string>, signal?: AbortSignal): Promise<Drift[]> {
    const found: Drift[] = [];
    for (let after = ''; ;) {
      const rows = await this.database.query<Known>(
        `SELECT id, user_id, view, ended, version FROM subscriptions WHERE NOT ended AND view ? 'status' AND id > $1 ORDER BY id LIMIT ${BATCH}`,
        [after],
      );
      for (const row of rows.filter(({ id }) => !seen.has(id))) {
        signal?.throwIfAborted();
        if ((await this.payments.subscription(row.id)) !== null) continue;
        found.push({
          kind: 'vanished',
          subscription: row.id,
          userId: row.user_id,
          ours: describe(row.view),
          theirs: 'nothing',
          mended: false,
        });
      }
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return found;
      after = last.id;
    }
  }

  private async doubled(): Promise<Drift[]> {
    const rows = await this.database.query<{ user_id: string; ids: string }>(
      `SELECT user_id, string_agg(id, ' ' ORDER BY id) AS ids FROM subscriptions
       WHERE NOT ended AND user_id IS NOT NULL AND view ->> 'status' IN ('active', 'trialing', 'past_due', 'unpaid')
       GROUP BY user_id HAVING count(*) > 1`,
    );
    return rows.map(({ user_id, ids }) => {
      return { kind: 'doubled', subscription: null, userId: user_id, ours: ids, theirs: ids, mended: false };
    });
  }

  /** Tiers are a function of subscriptions and time; this catches a grace whose job never ran. */
  private async reviewTiers(signal?: AbortSignal): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await this.database.query<{ user_id: string }>(
        `SELECT DISTINCT user_id FROM subscriptions WHERE NOT ended AND user_id > $1 ORDER BY user_id LIMIT ${BATCH}`,
        [after],
      );
      for (const { user_id } of rows) {
        signal?.throwIfAborted();
        await this.database.transaction((tx) => this.ledger.review(tx, user_id, 'reconciliation'));
      }
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.user_id;
    }
  }

  private async find(id: string): Promise<Known | undefined> {
    const rows = await this.database.query<Known>(
      `SELECT id, user_id, view, ended, version FROM subscriptions WHERE id = $1 AND view ? 'status'`,
      [id],
    );
    return rows[0];
  }

  private async keep(drifts: readonly Drift[]): Promise<void> {
    for (const { kind, subscription, userId, ours, theirs, mended } of drifts) {
      await this.database.query(
        'INSERT INTO billing_drifts (id, kind, subscription, user_id, ours, theirs, mended) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [newId(), kind, subscription, userId, ours, theirs, mended],
      );
      this.log.warn('billing_drift', { reason: kind, ...(userId === null ? {} : { user_id: userId }) });
    }
    this.log.info('billing_reconciled', { count: drifts.length });
  }
}

/** The members that money hangs on, in one line. */
function describe(view: SubscriptionView): string {
  const end = view.periodEnd === null ? '' : ` until ${new Date(view.periodEnd * 1000).toISOString()}`;
  return `${view.status} ${view.tier ?? 'unknown'} x${view.seats}${end}${view.cancelAtPeriodEnd ? ', ending' : ''}`;
}
