import { Injectable } from '@nestjs/common';
import { END_GRACE, Reconciliation, SETTLE_SUBSCRIPTION, Settling } from '@adiuva/billing';
import { handles, jobKind, type JobHandler } from '@adiuva/platform';
import { z } from 'zod';

const NOTHING = z.unknown();

/** What billing does in the background. */
@Injectable()
export class BillingJobs {
  readonly handlers: readonly JobHandler[];

  constructor(settling: Settling, reconciliation: Reconciliation) {
    this.handlers = [
      handles(SETTLE_SUBSCRIPTION, ({ subscription }) => settling.settle(subscription)),
      handles(END_GRACE, ({ userId }) => settling.endGrace(userId)),
      handles(
        jobKind('reconcile_billing', NOTHING),
        async (_, signal) => void (await reconciliation.run(signal)),
        '41 2 * * *',
      ),
      handles(jobKind('sweep_billing', NOTHING), () => reconciliation.sweep(), '53 3 * * *'),
    ];
  }
}
