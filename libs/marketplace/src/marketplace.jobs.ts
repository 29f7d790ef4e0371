import { Injectable } from '@nestjs/common';
import { Clock } from '@adiuva/kernel';
import { jobHandler, type JobHandler } from '@adiuva/platform';
import { PackageOrphans } from './packages/package-orphans.service';
import { DROP_PACKAGES, Packages, SWEEP_PACKAGES } from './packages/packages.service';
import { MONTHLY_PAYOUTS, PAY_DEVELOPER, Payouts } from './payments/payouts.service';
import { periodBefore } from './payments/period';
import { Purchases } from './payments/purchases.service';
import { REFUND_PURCHASE, SETTLE_PURCHASE } from './payments/purchases.store';

/** The eighth of a month: a week in which last month's sales are held before they are paid out. */
const MONTHLY = '0 6 8 * *';
const NIGHTLY = '40 3 * * *';

/** The marketplace's background work. */
@Injectable()
export class MarketplaceJobs {
  readonly handlers: readonly JobHandler[];

  constructor(
    packages: Packages,
    orphans: PackageOrphans,
    purchases: Purchases,
    private readonly payouts: Payouts,
    private readonly clock: Clock,
  ) {
    this.handlers = [
      jobHandler(DROP_PACKAGES, ({ keys }) => packages.drop(keys)),
      jobHandler(SWEEP_PACKAGES, async (_, signal) => void (await orphans.sweep(signal)), NIGHTLY),
      jobHandler(SETTLE_PURCHASE, ({ purchaseId }) => purchases.settle(purchaseId)),
      jobHandler(REFUND_PURCHASE, ({ purchaseId, paymentId }) => purchases.refund(purchaseId, paymentId)),
      jobHandler(PAY_DEVELOPER, ({ payoutId }) => payouts.pay(payoutId)),
      jobHandler(MONTHLY_PAYOUTS, (_, signal) => this.payMonth(signal), MONTHLY),
    ];
  }

  private async payMonth(signal: AbortSignal): Promise<void> {
    const now = this.clock.now();
    await this.payouts.run(periodBefore(now), now, signal);
  }
}
