import { Injectable } from '@nestjs/common';
import { Database, Metrics } from '@adiuva/platform';

/** A step that waits for others of its user, or for an account that is disabled, is not late. */
const ACTIVE = `SELECT (SELECT count(*) FROM runs WHERE status = 'queued')::int AS queued,
    (SELECT count(*) FROM runs WHERE status = 'running')::int AS running,
    (SELECT count(*) FROM runs WHERE status = 'waiting')::int AS waiting,
    (SELECT extract(epoch FROM now() - min(ready_at)) FROM run_steps WHERE status = 'ready' AND NOT throttled)::float AS oldest`;
const ENDED = `SELECT count(*) FILTER (WHERE status = 'completed')::int AS completed,
    count(*) FILTER (WHERE status = 'failed')::int AS failed, count(*) FILTER (WHERE status = 'cancelled')::int AS cancelled
  FROM runs WHERE ended_at > now() - interval '1 hour'`;

/** Counts of the whole installation, the same on every node. */
@Injectable()
export class RunsMetrics {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    const { runs, oldestReadyStep, endedRuns } = metrics;
    metrics.addSource({ name: 'runs', gauges: [runs, oldestReadyStep, endedRuns], read: () => this.read() });
  }

  private async read(): Promise<void> {
    const [active] =
      await this.database.query<Record<'queued' | 'running' | 'waiting' | 'oldest', number | null>>(ACTIVE);
    const [ended] = await this.database.query<Record<'completed' | 'failed' | 'cancelled', number>>(ENDED);
    const { oldest = null, ...counts } = active ?? {};
    for (const [status, count] of Object.entries(counts)) this.metrics.runs.set({ status }, count ?? 0);
    this.metrics.oldestReadyStep.set(Math.max(0, oldest ?? 0));
    for (const [status, count] of Object.entries(ended ?? {})) this.metrics.endedRuns.set({ status }, count);
  }
}
