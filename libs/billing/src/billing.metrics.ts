import { Injectable } from '@nestjs/common';
import { Database, Metrics } from '@adiuva/platform';

const DRIFTS = `SELECT kind, mended, count(*)::int AS count FROM billing_drifts
  WHERE found_at > now() - interval '48 hours' GROUP BY kind, mended`;
const EVERY_MS = 60_000;

/** Differences to Stripe that the last nightly comparisons have found. */
@Injectable()
export class BillingMetrics {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    metrics.addSource({ name: 'billing', gauges: [metrics.drifts], read: () => this.read(), everyMs: EVERY_MS });
  }

  private async read(): Promise<void> {
    const rows = await this.database.query<{ kind: string; mended: boolean; count: number }>(DRIFTS);
    this.metrics.drifts.reset();
    for (const { kind, mended, count } of rows)
      this.metrics.drifts.set({ kind, state: mended ? 'repaired' : 'open' }, count);
  }
}
