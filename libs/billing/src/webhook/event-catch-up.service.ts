import { Injectable } from '@nestjs/common';
import { Clock } from '@adiuva/kernel';
import { Database, Log } from '@adiuva/platform';
import { SubscriptionPayments } from '../payments/payment.port';
import { StripeWebhooks } from './stripe-webhooks.service';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Stripe keeps events for so long. */
const KEPT_MS = 30 * DAY_MS;
/** Stripe may list an event a little after the second that it bears. */
const OVERLAP_MS = 15 * 60 * 1_000;
/** The webhook of a younger event may still be on its way. */
const LATE_MS = 5 * 60 * 1_000;

/**
 * Reads the events that no webhook has brought: because Stripe repeats them no longer, because the endpoint was disabled, or because an older
 * database was restored.
 */
@Injectable()
export class EventCatchUp {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly webhooks: StripeWebhooks,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** How many events were applied. An event that cannot be applied stops no other; it is tried again by the next run. */
  async run(signal?: AbortSignal): Promise<number> {
    if (!this.payments.configured) return 0;
    const begun = this.clock.now().getTime();
    let [applied, missed, done] = [0, 0, begun];
    for await (const event of this.payments.events(await this.since(begun))) {
      signal?.throwIfAborted();
      try {
        if (!(await this.webhooks.apply(event))) continue;
        applied += 1;
        if (event.created * 1_000 < begun - LATE_MS) missed += 1;
      } catch (error) {
        // The newest come first.
        done = Math.min(done, event.created * 1_000);
        this.log.error('stripe_event_failed', { reason: event.type, error });
      }
    }
    await this.advance(new Date(done));
    if (missed > 0) this.log.warn('stripe_events_missed', { count: missed });
    return applied;
  }

  private async since(now: number): Promise<Date> {
    const [row] = await this.database.query<{ caught_up_to: Date }>('SELECT caught_up_to FROM stripe_catch_up');
    return new Date(Math.max(now - KEPT_MS, (row?.caught_up_to.getTime() ?? 0) - OVERLAP_MS));
  }

  private async advance(to: Date): Promise<void> {
    await this.database.query(
      `INSERT INTO stripe_catch_up AS known (caught_up_to) VALUES ($1)
       ON CONFLICT (singleton) DO UPDATE SET caught_up_to = greatest(known.caught_up_to, excluded.caught_up_to)`,
      [to],
    );
  }
}
