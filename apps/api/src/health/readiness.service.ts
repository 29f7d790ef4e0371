import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { RELEASE } from '@adiuva/config';
import { Models } from '@adiuva/llm';
import { BlobStore, Database, Metrics, RateLimits } from '@adiuva/platform';
import { VectorStore } from '@adiuva/vectors';
import { Background } from '../../../worker/src/background.service';
import { stateOf, succeeds } from '../../../worker/src/check-state';
import { countChecks } from '../../../worker/src/worker-readiness.service';
import type { CheckState, ReadinessDto } from './health.dto';

/** Whether this node can serve: asks what it depends on, each for at most a second. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  static readonly version = RELEASE;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly models: Models,
    private readonly background: Background,
    private readonly vectors: VectorStore,
    private readonly limits: RateLimits,
  ) {}

  /** For operators: the same checks, one gauge each. */
  measure(metrics: Metrics): void {
    metrics.build.set({ version: Readiness.version, process: 'api' }, 1);
    metrics.addSource({
      name: 'readiness',
      gauges: [metrics.checks],
      read: async () => countChecks(metrics, (await this.report()).checks),
    });
  }

  /** From now on the node reports that it is stopping, so that it gets no more requests. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
  }

  stop(): void {
    this.stopping = true;
  }

  async report(): Promise<ReadinessDto> {
    const checks = {
      database: await stateOf(this.database.isUp()),
      blobs: await stateOf(succeeds((signal) => this.blobs.check(signal))),
      vectors: await stateOf(this.vectors.isUp()),
      llm: this.models.state,
      jobs: this.background.state,
      rate_limits: this.limitsState(),
    };
    if (this.stopping) return { status: 'stopping', checks };
    // Without Redis the node serves, with its own share of the limits.
    const { rate_limits: _, ...needed } = checks;
    return { status: Object.values(needed).includes('down') ? 'not_ready' : 'ready', checks };
  }

  private limitsState(): CheckState {
    if (this.limits.areShared === undefined) return 'disabled';
    return this.limits.areShared ? 'up' : 'down';
  }
}
