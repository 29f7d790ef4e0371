import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { SubscriptionPayments } from '../payments/payment.port';
import { SubscriptionWriter } from './subscription-writer.service';

interface OpenRow {
  readonly user_id: string | null;
  readonly customer: string | null;
  readonly version: number;
}

/** Clears up what events alone leave open, by asking Stripe. */
@Injectable()
export class SubscriptionRefresh {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly ledger: SubscriptionWriter,
  ) {}

  /** Throws `not_found` while nobody knows whose subscription it is, so that the job comes again. */
  async refresh(subscription: string): Promise<void> {
    const row = await this.find(subscription);
    if (!row) return;
    if (this.payments.configured) await this.ask(subscription, row);
    const after = await this.find(subscription);
    if (after && after.user_id === null) throw new Problem('not_found', { detail: 'Nobody knows this customer yet' });
  }

  /** The grace of a user may have ended. */
  async endGrace(userId: string): Promise<void> {
    await this.database.transaction((tx) => this.ledger.review(tx, userId, 'grace'));
  }

  private async ask(subscription: string, row: OpenRow): Promise<void> {
    const read = await this.payments.subscription(subscription);
    if (read === null) return;
    const unknown = row.user_id === null && read.userId === null && read.customer !== null;
    const userId = unknown && read.customer !== null ? await this.payments.userOfCustomer(read.customer) : null;
    const settled = await this.database.transaction((tx) => this.ledger.settle(tx, read, row.version, userId, 'asked'));
    if (!settled) throw new Problem('conflict', { detail: 'An event came between question and answer' });
  }

  private async find(subscription: string): Promise<OpenRow | undefined> {
    const rows = await this.database.query<OpenRow>(
      'SELECT user_id, customer, version FROM subscriptions WHERE id = $1',
      [subscription],
    );
    return rows[0];
  }
}
