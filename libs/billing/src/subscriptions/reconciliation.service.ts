import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { Database, Log } from '@adiuva/platform';
import { SubscriptionPayments, type ReadSubscription } from '../payments/payment.port';
import { EMPTY_STATE, reduce, SubscriptionState } from '../state/subscription-state';
import { SubscriptionWriter } from './subscription-writer.service';
import { isOver } from '../state/subscription-status';
import { pricedPlan, viewOf, type SubscriptionView } from '../state/subscription-view';

/**
 * `missing`: only Stripe has it. `differs`: both have it, with different values. `vanished`: ours has not ended, Stripe does not know it.
 * `unowned`: no user is known. `doubled`: one user pays for two. `unknown_price`: its price is none of our tiers.
 */
export type DriftKind = 'missing' | 'differs' | 'vanished' | 'unowned' | 'doubled' | 'unknown_price';

export interface Drift {
  readonly kind: DriftKind;
  readonly subscription: string | null;
  readonly userId: string | null;
  readonly ours: string;
  readonly theirs: string;
  /** False for what only an operator can decide. */
  readonly mended: boolean;
}

interface Known {
  readonly id: string;
  readonly user_id: string | null;
  readonly view: SubscriptionView;
  readonly claims: unknown;
  readonly ended: boolean;
  readonly version: number;
}

const BATCH = 200;

/** Compares our subscriptions with Stripe's: lists the differences and repairs ours. */
@Injectable()
export class Reconciliation {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly writer: SubscriptionWriter,
    private readonly log: Log,
  ) {}

  /** The drifts found, which are also stored and logged. Without a key only tiers are compared with subscriptions. */
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
    await this.store(drifts);
    return drifts;
  }

  /** Deletes events that Stripe lists no more, ended subscriptions without an owner, deleted customers, and drifts after a year. */
  async sweep(): Promise<void> {
    await this.database.query(`DELETE FROM stripe_events WHERE received_at < now() - interval '90 days'`);
    await this.database.query(
      `DELETE FROM subscriptions WHERE ended AND user_id IS NULL AND updated_at < now() - interval '90 days'`,
    );
    await this.database.query(`DELETE FROM stripe_customers WHERE deleted_at < now() - interval '90 days'`);
    await this.database.query(`DELETE FROM billing_drifts WHERE found_at < now() - interval '1 year'`);
  }

  private async compare(read: ReadSubscription): Promise<Drift[]> {
    const { rules } = this.writer;
    const known = await this.find(read.id);
    const before = known ? SubscriptionState.parse(known.claims) : EMPTY_STATE;
    const theirs = viewOf(reduce(before, { kind: 'read', snapshot: read.snapshot }, rules), rules);
    const differs = !known || describe(known.view) !== describe(theirs);
    const over = isOver(theirs.status);
    if (over && (known?.ended ?? true)) return [];
    const foreign = pricedPlan(read.snapshot, rules) === null && !over;
    if (!differs && known.user_id !== null && !foreign) return [];
    const applied = await this.repair(read, known);
    const userId = (await this.find(read.id))?.user_id ?? null;
    const ours = known ? describe(known.view) : 'nothing';
    const about = { subscription: read.id, userId, ours, theirs: describe(theirs), mended: false };
    const found: Drift[] = differs ? [{ ...about, kind: known ? 'differs' : 'missing', mended: applied }] : [];
    if (userId === null) found.push({ ...about, kind: 'unowned' });
    if (foreign) found.push({ ...about, kind: 'unknown_price' });
    return found;
  }

  private async repair(read: ReadSubscription, known: Known | undefined): Promise<boolean> {
    const unowned = (known?.user_id ?? null) === null && read.userId === null;
    const asked = unowned && read.customer !== null ? await this.payments.userOfCustomer(read.customer) : null;
    return this.database.transaction((tx) =>
      this.writer.applyRead(tx, read, known?.version ?? null, asked ?? read.userId, 'reconciliation'),
    );
  }

  /** Ours that have not ended and that Stripe did not list: made since, or gone. */
  private async vanished(seen: ReadonlySet<string>, signal?: AbortSignal): Promise<Drift[]> {
    const found: Drift[] = [];
    for (let after = ''; ;) {
      const rows = await this.database.query<Known>(
        `SELECT id, user_id, view, claims, ended, version FROM subscriptions WHERE NOT ended AND view ? 'status' AND id > $1 ORDER BY id LIMIT ${BATCH}`,
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

  /** Tiers are a function of subscriptions and time; this finds a grace whose job never ran. */
  private async reviewTiers(signal?: AbortSignal): Promise<void> {
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const rows = await this.database.query<{ user_id: string }>(
        `SELECT DISTINCT user_id FROM subscriptions WHERE NOT ended AND user_id > $1 ORDER BY user_id LIMIT ${BATCH}`,
        [after],
      );
      for (const { user_id } of rows) {
        signal?.throwIfAborted();
        await this.database.transaction((tx) => this.writer.review(tx, user_id, 'reconciliation'));
      }
      const last = rows.at(-1);
      if (!last || rows.length < BATCH) return;
      after = last.user_id;
    }
  }

  private async find(id: string): Promise<Known | undefined> {
    const rows = await this.database.query<Known>(
      `SELECT id, user_id, view, claims, ended, version FROM subscriptions WHERE id = $1 AND view ? 'status'`,
      [id],
    );
    return rows[0];
  }

  private async store(drifts: readonly Drift[]): Promise<void> {
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

/** The members that decide about money, in one line. */
function describe(view: SubscriptionView): string {
  const end = view.periodEnd === null ? '' : ` until ${new Date(view.periodEnd * 1000).toISOString()}`;
  return `${view.status} ${view.tier ?? 'unknown'} x${view.seats}${end}${view.cancelAtPeriodEnd ? ', ending' : ''}`;
}
