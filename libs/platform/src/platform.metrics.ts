import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { JobAdministration } from './jobs/job-administration.service';
import { RateLimits } from './limits/rate-limits.service';
import { Metrics } from './metrics/metrics.service';

/** Of the pool, the queue and the rate limits. */
@Injectable()
export class PlatformMetrics {
  constructor(
    private readonly metrics: Metrics,
    private readonly source: DataSource,
    private readonly jobs: JobAdministration,
    private readonly limits: RateLimits,
  ) {
    metrics.addSource({
      name: 'database_pool',
      gauges: [metrics.connections, metrics.waitingForConnection],
      read: () => this.readPool(),
    });
    metrics.addSource({ name: 'jobs', gauges: [metrics.jobs, metrics.oldestJob], read: () => this.readJobs() });
    metrics.addSource({
      name: 'rate_limits',
      gauges: [metrics.rateLimitsShared, metrics.nodes],
      read: () => this.readLimits(),
    });
  }

  private readPool(): void {
    const { total, idle, waiting } = poolOf(this.source.driver);
    this.metrics.connections.set({ state: 'idle' }, idle);
    this.metrics.connections.set({ state: 'busy' }, total - idle);
    this.metrics.waitingForConnection.set(waiting);
  }

  private async readJobs(): Promise<void> {
    const { due, scheduled, running, dead, oldestSeconds } = await this.jobs.counts();
    for (const [state, count] of Object.entries({ due, scheduled, running, dead }))
      this.metrics.jobs.set({ state }, count);
    this.metrics.oldestJob.set(oldestSeconds ?? 0);
  }

  private readLimits(): void {
    if (this.limits.areShared === undefined) this.metrics.rateLimitsShared.remove();
    else this.metrics.rateLimitsShared.set(this.limits.areShared ? 1 : 0);
    this.metrics.nodes.set(this.limits.nodeCount);
  }
}

/** TypeORM's driver for PostgreSQL shows its pool as `master`, without a type. */
function poolOf(driver: object): { readonly total: number; readonly idle: number; readonly waiting: number } {
  const pool: unknown = Reflect.get(driver, 'master');
  const count = (name: string): number => {
    const value: unknown = typeof pool === 'object' && pool !== null ? Reflect.get(pool, name) : undefined;
    if (typeof value !== 'number') throw new TypeError(`the pool has no ${name}`);
    return value;
  };
  return { total: count('totalCount'), idle: count('idleCount'), waiting: count('waitingCount') };
}
