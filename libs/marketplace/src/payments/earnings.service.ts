import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import type { Period } from './period';

interface Sums {
  readonly sales: number;
  readonly grossCents: number;
  readonly refundedCents: number;
  readonly developerCents: number;
  readonly platformCents: number;
}

export interface PluginEarnings extends Sums {
  readonly pluginId: string;
  /** Null when the plugin was deleted. */
  readonly name: string | null;
}

/** A developer's month in whole cents. `grossCents` is what buyers paid, `refundedCents` what went back to them. */
export interface Earnings extends Sums {
  readonly period: string;
  /** Not paid out yet, of all time; may be negative. */
  readonly balanceCents: number;
  readonly payout: { readonly amountCents: number; readonly state: string; readonly paidAt: Date | null } | null;
  readonly plugins: readonly PluginEarnings[];
}

const SUMS = `
  count(*) FILTER (WHERE r.kind = 'sale')::int AS sales,
  coalesce(sum(r.gross_cents) FILTER (WHERE r.kind = 'sale'), 0)::int AS "grossCents",
  coalesce(-sum(r.gross_cents) FILTER (WHERE r.kind <> 'sale'), 0)::int AS "refundedCents",
  coalesce(sum(r.developer_cents), 0)::int AS "developerCents",
  coalesce(sum(r.platform_cents), 0)::int AS "platformCents"`;

const OWN = 'JOIN plugin_developers d ON d.id = r.developer_id AND d.user_id = $1';
const NO_SALES: Sums = { sales: 0, grossCents: 0, refundedCents: 0, developerCents: 0, platformCents: 0 };

/** The earnings of authors. */
@Injectable()
export class EarningsReport {
  constructor(private readonly database: Database) {}

  async of(author: Principal, period: Period): Promise<Earnings> {
    const values = [author.userId, period.start, period.end];
    const inPeriod = 'r.occurred_at >= $2 AND r.occurred_at < $3';
    const [[sums], plugins, [balance], [payout]] = await Promise.all([
      this.database.query<Sums>(`SELECT ${SUMS} FROM plugin_revenue r ${OWN} WHERE ${inPeriod}`, values),
      this.database.query<PluginEarnings>(
        `SELECT r.plugin_id AS "pluginId", p.name, ${SUMS} FROM plugin_revenue r ${OWN} LEFT JOIN plugins p ON p.id = r.plugin_id
         WHERE ${inPeriod} GROUP BY r.plugin_id, p.name ORDER BY r.plugin_id`,
        values,
      ),
      this.database.query<{ cents: number }>(
        `SELECT coalesce(sum(r.developer_cents), 0)::int AS cents FROM plugin_revenue r ${OWN} WHERE r.payout_id IS NULL`,
        [author.userId],
      ),
      this.database.query<{ amountCents: number; state: string; paidAt: Date | null }>(
        `SELECT o.amount_cents AS "amountCents", o.state, o.paid_at AS "paidAt" FROM plugin_payouts o
         JOIN plugin_developers d ON d.id = o.developer_id AND d.user_id = $1 WHERE o.period = $2`,
        [author.userId, period.name],
      ),
    ]);
    return {
      ...(sums ?? NO_SALES),
      period: period.name,
      balanceCents: balance?.cents ?? 0,
      payout: payout ?? null,
      plugins,
    };
  }
}
