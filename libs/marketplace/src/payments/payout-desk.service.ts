import { Injectable } from '@nestjs/common';
import { Clock, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { AuditLog } from '../plugins/audit-log.service';
import { Payouts, type Payout } from './payouts.service';
import type { Period } from './period';

/** Payout runs that an administrator starts, written down before any money moves. */
@Injectable()
export class PayoutDesk {
  constructor(
    private readonly database: Database,
    private readonly payouts: Payouts,
    private readonly log: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws `not_configured`, `conflict` for a period to come */
  async run(admin: Principal, period: Period): Promise<readonly Payout[]> {
    await this.database.transaction((tx) => this.log.note(tx, admin, 'payouts.run', period.name));
    return this.payouts.run(period, this.clock.now());
  }
}
