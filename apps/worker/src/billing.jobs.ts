import { Injectable } from '@nestjs/common';
import { END_GRACE, Reconciliation, REFRESH_SUBSCRIPTION, SubscriptionRefresh } from '@adiuva/billing';
import { jobHandler, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';

const NOTHING = z.unknown();

/** What billing does in the background. */
@Injectable()
export class BillingJobs {
  readonly handlers: readonly JobHandler[];

  constructor(subscriptionRefresh: SubscriptionRefresh, reconciliation: Reconciliation) {
    this.handlers = [
      jobHandler(REFRESH_SUBSCRIPTION, ({ subscription }) => subscriptionRefresh.refresh(subscription)),
      jobHandler(END_GRACE, ({ userId }) => subscriptionRefresh.endGrace(userId)),
      jobHandler(
        jobKind('reconcile_billing', NOTHING),
        async (_, signal) => void (await reconciliation.run(signal)),
        '41 2 * * *',
      ),
      jobHandler(jobKind('sweep_billing', NOTHING), () => reconciliation.sweep(), '53 3 * * *'),
    ];
  }
}
