import { Injectable } from '@nestjs/common';
import { RELEASE, ServerConfig } from '@adiuva/config';
import { BlobStore, Database, JobRunner, Metrics } from '@adiuva/platform';
import { stateOf, succeeds, type CheckState } from './check-state';

/** Whether a worker process can work: what it depends on, and whether it takes jobs. */
@Injectable()
export class WorkerReadiness {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly jobs: JobRunner,
    private readonly config: ServerConfig,
    metrics: Metrics,
  ) {
    metrics.build.set({ version: RELEASE, process: 'worker' }, 1);
    metrics.addSource({
      name: 'readiness',
      gauges: [metrics.checks],
      read: async () => countChecks(metrics, (await this.report()).checks),
    });
  }

  async report() {
    const checks: Readonly<Record<'database' | 'blobs' | 'jobs', CheckState>> = {
      database: await stateOf(this.database.isUp()),
      blobs: await stateOf(succeeds((signal) => this.blobs.check(signal))),
      jobs: this.jobsState(),
    };
    return { status: Object.values(checks).includes('down') ? 'not_ready' : 'ready', checks };
  }

  private jobsState(): CheckState {
    if (!this.config.WORKER_ROLES.includes('jobs')) return 'disabled';
    return this.jobs.up ? 'up' : 'down';
  }
}

/** One that is disabled has no value. */
export function countChecks(metrics: Metrics, checks: object): void {
  metrics.checks.reset();
  for (const [check, state] of Object.entries<CheckState>({ ...checks }))
    if (state !== 'disabled') metrics.checks.set({ check }, state === 'up' ? 1 : 0);
}
