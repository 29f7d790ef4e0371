import { Injectable } from '@nestjs/common';
import { Database, Metrics } from '@adiuva/platform';
import { CHANNEL_KINDS } from './notification';

/** The steps of a disabled account wait, and are not late. */
const STEPS = `SELECT (SELECT count(*) FROM notification_steps WHERE status = 'waiting')::int AS waiting,
    (SELECT count(*) FROM notification_steps WHERE status = 'sending')::int AS sending,
    (SELECT count(*) FROM notification_steps WHERE status = 'unknown')::int AS unknown,
    (SELECT extract(epoch FROM now() - min(s.due_at)) FROM unnest($1::text[]) AS k CROSS JOIN LATERAL (SELECT due_at FROM notification_steps
      WHERE kind = k AND status IN ('waiting', 'unknown') AND NOT held AND NOT account_disabled(user_id) ORDER BY due_at LIMIT 1) AS s)::float AS oldest`;
type Counts = Record<'waiting' | 'sending' | 'unknown' | 'oldest', number | null>;

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
    const [steps] = await this.database.query<Counts>(STEPS, [CHANNEL_KINDS]);
    const { oldest = null, ...counts } = steps ?? {};
    for (const [status, count] of Object.entries(counts)) this.metrics.notificationSteps.set({ status }, count ?? 0);
    this.metrics.oldestNotificationStep.set(Math.max(0, oldest ?? 0));
  }
}
