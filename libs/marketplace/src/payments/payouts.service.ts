import { Injectable } from '@nestjs/common';
import { Clock, derivedId, newId, Problem, type Principal } from '@adiuva/kernel';
import { MarketplacePayments, type MadeTransfer } from '@adiuva/billing';
import { Database, jobKind, Jobs, Log, returnedRows, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { AuditLog } from '../plugins/audit-log.service';
import type { Period } from './period';

export interface Payout {
  readonly id: string;
  readonly developerId: string;
  readonly amountCents: number;
  readonly state: 'pending' | 'paid' | 'refused';
}

interface PendingPayout {
  readonly accountId: string;
  readonly amountCents: number;
  readonly attempt: number;
}

export const PAY_DEVELOPER = jobKind('pay_plugin_developer', z.object({ payoutId: z.uuid() }));
export const MONTHLY_PAYOUTS = jobKind('monthly_plugin_payouts', z.unknown());

/** The job waits until the request that enqueued it has ended. */
const JOB_AFTER_MS = 60_000;

/** Under the row's lock: one that was released meanwhile is not sent. */
const MARK_SENT = `UPDATE plugin_payouts SET sent_at = now() WHERE id = $1 AND attempt = $2 AND state = 'pending' RETURNING id`;

/** A transfer that was requested less than this ago may still be made. */
const RELEASE = `UPDATE plugin_payouts SET state = 'refused', attempt = attempt + 1
  WHERE id = $1 AND state = 'pending' AND (sent_at IS NULL OR sent_at < now() - interval '1 hour') RETURNING id`;

/** Named after the last line of the payout, and of no price, so that the sums of sales and refunds stay as they are. */
const CARRY = `
  INSERT INTO plugin_revenue (id, developer_id, plugin_id, purchase_id, kind, gross_cents, developer_cents, platform_cents, payout_id)
  SELECT $2, developer_id, plugin_id, purchase_id, 'carry', 0, $3::int, -$3::int, $4::uuid FROM plugin_revenue
  WHERE payout_id = $1 ORDER BY kind = 'carry', occurred_at DESC, id DESC LIMIT 1`;

const DEVELOPERS_TO_PAY = `
  SELECT d.id FROM plugin_developers d WHERE d.account_id IS NOT NULL AND (
    SELECT sum(r.developer_cents) FROM plugin_revenue r WHERE r.developer_id = d.id AND r.payout_id IS NULL AND r.occurred_at < $1
  ) > 0 ORDER BY d.id`;

/**
 * Monthly transfers to developers. A payout takes every line of the ledger that no payout has taken, up to the period's end, so a
 * balance that is not positive simply stays for the next one.
 */
@Injectable()
export class Payouts {
  constructor(
    private readonly database: Database,
    private readonly payments: MarketplacePayments,
    private readonly jobs: Jobs,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** A run that an administrator starts, logged before any money moves. @throws as `run` */
  async runByAdmin(admin: Principal, period: Period): Promise<readonly Payout[]> {
    await this.database.transaction((tx) => this.audit.note(tx, admin, 'payouts.run', period.name));
    return this.run(period, this.clock.now());
  }

  /** Pays every developer the balance at the period's end, once. @throws `not_configured`, `conflict` for a period to come */
  async run(period: Period, now: Date, signal?: AbortSignal): Promise<readonly Payout[]> {
    if (!this.payments.configured) throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
    if (period.start > now) throw new Problem('conflict', { detail: 'This period has not begun' });
    const developers = await this.database.query<{ id: string }>(DEVELOPERS_TO_PAY, [period.end]);
    for (const { id } of developers) await this.database.transaction((tx) => this.prepare(tx, id, period));
    const pending = await this.database.query<{ id: string }>(
      `SELECT id FROM plugin_payouts WHERE period = $1 AND state = 'pending'`,
      [period.name],
    );
    for (const { id } of pending) {
      if (signal?.aborted) break;
      // What fails here is retried by its job.
      await this.pay(id).catch(() => undefined);
    }
    return this.of(period);
  }

  of(period: Period): Promise<readonly Payout[]> {
    return this.database.query<Payout>(
      `SELECT id, developer_id AS "developerId", amount_cents AS "amountCents", state FROM plugin_payouts WHERE period = $1 ORDER BY id`,
      [period.name],
    );
  }

  /** Makes one transfer, unless it was made. However often this is started and interrupted, one transfer is made. */
  async pay(payoutId: string): Promise<void> {
    const [payout] = await this.database.query<PendingPayout>(
      `SELECT d.account_id AS "accountId", p.amount_cents AS "amountCents", p.attempt FROM plugin_payouts p
       JOIN plugin_developers d ON d.id = p.developer_id WHERE p.id = $1 AND p.state = 'pending'`,
      [payoutId],
    );
    if (!payout) return;
    const { accountId, amountCents, attempt } = payout;
    const reference = `plugin_payout_${payoutId}`;
    // The provider forgets keys after a day, but not what was transferred under a reference.
    const made = await this.payments.transferFor(reference);
    if (made !== null) {
      return this.finish(payoutId, made);
    }
    if (!(await this.payments.isPayable(accountId)))
      return this.database.transaction((tx) => this.release(tx, payoutId));
    const marked = await this.database.transaction((tx) => returnedRows(tx, MARK_SENT, [payoutId, attempt]));
    if (marked.length === 0) return;
    const key = `${reference}_${attempt}`;
    const id = await this.payments.transfer({ key, account: accountId, amountCents, reference });
    await this.finish(payoutId, { id, amountCents });
  }

  /** The id is derived, so that after a restore of an older database the transfer of the same payout is found at the provider. */
  private async prepare(tx: Tx, developerId: string, period: Period): Promise<void> {
    await tx.query('SELECT 1 FROM plugin_developers WHERE id = $1 FOR UPDATE', [developerId]);
    const [balance] = await tx.query<{ cents: number }[]>(
      `SELECT coalesce(sum(developer_cents), 0)::int AS cents FROM plugin_revenue
       WHERE developer_id = $1 AND payout_id IS NULL AND occurred_at < $2`,
      [developerId, period.end],
    );
    const cents = balance?.cents ?? 0;
    if (cents <= 0) return;
    const [made] = await tx.query<{ id: string }[]>(
      `INSERT INTO plugin_payouts AS p (id, developer_id, period, amount_cents, state) VALUES ($1, $2, $3, $4, 'pending')
       ON CONFLICT (developer_id, period) DO UPDATE SET amount_cents = excluded.amount_cents, state = 'pending'
       WHERE p.state = 'refused' RETURNING id`,
      [derivedId(`payout/${developerId}/${period.name}`), developerId, period.name, cents],
    );
    if (!made) return;
    await tx.query(
      'UPDATE plugin_revenue SET payout_id = $3 WHERE developer_id = $1 AND payout_id IS NULL AND occurred_at < $2',
      [developerId, period.end, made.id],
    );
    const runAt = new Date(Date.now() + JOB_AFTER_MS);
    await this.jobs.add(tx, PAY_DEVELOPER, { payoutId: made.id }, { key: `payout:${made.id}`, runAt });
  }

  /**
   * After a restore of an older database the transfer may have another amount than the payout: the payout takes that of the transfer, and the
   * difference is carried to the next one.
   */
  private async finish(payoutId: string, { id, amountCents }: MadeTransfer): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [payout] = await tx.query<{ amount_cents: number }[]>(
        `SELECT amount_cents FROM plugin_payouts WHERE id = $1 AND state = 'pending' FOR UPDATE`,
        [payoutId],
      );
      if (!payout) return;
      await tx.query(
        `UPDATE plugin_payouts SET state = 'paid', transfer_id = $2, paid_at = now(), amount_cents = $3 WHERE id = $1`,
        [payoutId, id, amountCents],
      );
      const difference = payout.amount_cents - amountCents;
      if (difference === 0) return;
      this.log.error('payout_amount_differs', { reason: payoutId });
      await tx.query(CARRY, [payoutId, newId(), -difference, payoutId]);
      await tx.query(CARRY, [payoutId, newId(), difference, null]);
    });
  }

  /** Certainly not transferred: the money waits for the next run. @throws `unavailable` while that is not certain */
  private async release(tx: Tx, payoutId: string): Promise<void> {
    const refused = await returnedRows(tx, RELEASE, [payoutId]);
    if (refused.length === 0)
      throw new Problem('unavailable', { detail: 'A transfer of this payout may be in progress' });
    await tx.query('UPDATE plugin_revenue SET payout_id = NULL WHERE payout_id = $1', [payoutId]);
  }
}
