import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { Reconciliation } from './subscriptions/reconciliation.service';
import { END_GRACE, REFRESH_SUBSCRIPTION } from './subscriptions/subscription-job-kinds';
import { EventCatchUp } from './webhook/event-catch-up.service';
import { SubscriptionRefresh } from './subscriptions/subscription-refresh.service';

const RECONCILE = jobKind('reconcile_billing', z.unknown());
const CATCH_UP = jobKind('catch_up_stripe_events', z.unknown());
const SWEEP = jobKind('sweep_billing', z.unknown());

/** The background work of billing. */
@Injectable()
export class BillingJobs {
  readonly handlers: readonly JobHandler[];

  constructor(refresh: SubscriptionRefresh, reconciliation: Reconciliation, catchUp: EventCatchUp) {
    this.handlers = [
      jobHandler(REFRESH_SUBSCRIPTION, ({ subscription }) => refresh.refresh(subscription)),
      jobHandler(END_GRACE, ({ userId }) => refresh.endGrace(userId)),
      jobHandler(RECONCILE, async (_, signal) => void (await reconciliation.run(signal)), '41 2 * * *'),
      jobHandler(CATCH_UP, async (_, signal) => void (await catchUp.run(signal)), '23 * * * *'),
      jobHandler(SWEEP, () => reconciliation.sweep(), '53 3 * * *'),
    ];
  }
}
