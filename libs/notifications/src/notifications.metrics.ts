import { Injectable } from '@nestjs/common';
import { Database, Metrics } from '@adiuva/platform';

const STEPS = `SELECT (SELECT count(*) FROM notification_steps WHERE status = 'waiting')::int AS waiting,
    (SELECT count(*) FROM notification_steps WHERE status = 'sending')::int AS sending,
    (SELECT count(*) FROM notification_steps WHERE status = 'unknown')::int AS unknown,
    (SELECT extract(epoch FROM now() - min(due_at)) FROM notification_steps WHERE status IN ('waiting', 'unknown'))::float AS oldest`;

/** Counts of the whole installation, the same on every node. */
@Injectable()
export class NotificationsMetrics {
  constructor(
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {
    const { notificationSteps, oldestNotificationStep } = metrics;
    metrics.addSource({
      name: 'notifications',
      gauges: [notificationSteps, oldestNotificationStep],
      read: () => this.read(),
    });
  }

  private async read(): Promise<void> {
    const [steps] =
      await this.database.query<Record<'waiting' | 'sending' | 'unknown' | 'oldest', number | null>>(STEPS);
    const { oldest = null, ...counts } = steps ?? {};
    for (const [status, count] of Object.entries(counts)) this.metrics.notificationSteps.set({ status }, count ?? 0);
    this.metrics.oldestNotificationStep.set(Math.max(0, oldest ?? 0));
  }
}
