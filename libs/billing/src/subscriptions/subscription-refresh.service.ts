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

/** Asks Stripe where events alone leave a subscription undecided. */
@Injectable()
export class SubscriptionRefresh {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly writer: SubscriptionWriter,
  ) {}

  /** Throws `not_found` while the owner is unknown, so that the job is retried. */
  async refresh(subscription: string): Promise<void> {
    const row = await this.find(subscription);
    if (!row) return;
    if (this.payments.configured) await this.ask(subscription, row);
    const after = await this.find(subscription);
    if (after && after.user_id === null)
      throw new Problem('not_found', { detail: 'The owner of this customer is not known yet' });
  }

  /** Reviews the tier of a user whose grace may have ended. */
  async endGrace(userId: string): Promise<void> {
    await this.database.transaction((tx) => this.writer.review(tx, userId, 'grace'));
  }

  private async ask(subscription: string, row: OpenRow): Promise<void> {
    const read = await this.payments.subscription(subscription);
    if (read === null) return;
    const unknown = row.user_id === null && read.userId === null && read.customer !== null;
    const userId = unknown && read.customer !== null ? await this.payments.userOfCustomer(read.customer) : null;
    const applied = await this.database.transaction((tx) =>
      this.writer.applyRead(tx, read, row.version, userId, 'asked'),
    );
    if (!applied) throw new Problem('conflict', { detail: 'An event arrived while Stripe was asked' });
  }

  private async find(subscription: string): Promise<OpenRow | undefined> {
    const rows = await this.database.query<OpenRow>(
      'SELECT user_id, customer, version FROM subscriptions WHERE id = $1',
      [subscription],
    );
    return rows[0];
  }
}
