import { Injectable } from '@nestjs/common';
import { Database, Metrics } from '@adiuva/platform';
import type { StoredKind } from './quota-limits';

const SUMS = `SELECT kind, sum(bytes)::float AS bytes, sum(count)::float AS count FROM storage_usage,
    LATERAL (VALUES ('records', records_bytes, records_count), ('vectors', vectors_bytes, vectors_count),
      ('files', files_bytes, files_count), ('backups', backups_bytes, backups_count)) AS stored (kind, bytes, count)
  GROUP BY kind`;
const EVERY_MS = 60_000;

/** What all users store together. */
@Injectable()
export class QuotaMetrics {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    const { storedBytes, storedObjects } = metrics;
    metrics.addSource({
      name: 'quota',
      gauges: [storedBytes, storedObjects],
      read: () => this.read(),
      everyMs: EVERY_MS,
    });
  }

  private async read(): Promise<void> {
    for (const { kind, bytes, count } of await this.database.query<{ kind: StoredKind; bytes: number; count: number }>(
      SUMS,
    )) {
      this.metrics.storedBytes.set({ kind }, bytes);
      this.metrics.storedObjects.set({ kind }, count);
    }
  }
}
