import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';
import { Reconciliation } from './subscriptions/reconciliation.service';
import { END_GRACE, REFRESH_SUBSCRIPTION } from './subscriptions/subscription-job-kinds';
import { SubscriptionRefresh } from './subscriptions/subscription-refresh.service';

const RECONCILE = jobKind('reconcile_billing', z.unknown());
const SWEEP = jobKind('sweep_billing', z.unknown());

/** The background work of billing. */
@Injectable()
export class BillingJobs {
  readonly handlers: readonly JobHandler[];

  constructor(refresh: SubscriptionRefresh, reconciliation: Reconciliation) {
    this.handlers = [
      jobHandler(REFRESH_SUBSCRIPTION, ({ subscription }) => refresh.refresh(subscription)),
      jobHandler(END_GRACE, ({ userId }) => refresh.endGrace(userId)),
      jobHandler(RECONCILE, async (_, signal) => void (await reconciliation.run(signal)), '41 2 * * *'),
      jobHandler(SWEEP, () => reconciliation.sweep(), '53 3 * * *'),
    ];
  }
}
