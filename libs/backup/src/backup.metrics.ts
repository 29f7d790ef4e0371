import { Injectable } from '@nestjs/common';
import { Metrics } from '@adiuva/platform';
import { ScrubStore } from './maintenance/scrub.store';

const EVERY_MS = 60_000;

/** What the nightly scrub has found. */
@Injectable()
export class BackupMetrics {
  constructor(
    private readonly store: ScrubStore,
    private readonly metrics: Metrics,
  ) {
    const { damagedBackups, oldestScrub } = metrics;
    metrics.addSource({
      name: 'backups',
      gauges: [damagedBackups, oldestScrub],
      read: () => this.read(),
      everyMs: EVERY_MS,
    });
  }

  private async read(): Promise<void> {
    this.metrics.damagedBackups.set(await this.store.damagedCount());
    this.metrics.oldestScrub.set(await this.store.oldestScrubSeconds());
  }
}
