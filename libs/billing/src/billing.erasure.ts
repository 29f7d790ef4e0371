import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@adiuva/platform';
import { Entitlements } from './entitlements/entitlements.service';
import { SubscriptionPayments } from './payments/payment.port';

const REMOVE_JOBS = `SELECT count(graphile_worker.remove_job(key)) FROM graphile_worker.jobs WHERE key = $1 OR key LIKE $2`;

/** Erases a user: first at Stripe, so that nothing is charged any more, then here. */
@Injectable()
export class BillingErasure {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly entitlements: Entitlements,
  ) {}

  /** Ends the user's subscriptions and deletes the customers at Stripe. Idempotent; does nothing without a key. */
  async eraseAtStripe(userId: string): Promise<void> {
    if (!this.payments.configured) return;
    const open = await this.database.query<{ session: string }>(
      'SELECT session FROM open_checkouts WHERE user_id = $1',
      [userId],
    );
    for (const { session } of open) await this.payments.closeCheckout(session);
    const customers = await this.database.query<{ id: string }>(
      `SELECT id FROM stripe_customers WHERE user_id = $1
       UNION SELECT customer FROM subscriptions WHERE user_id = $1 AND customer IS NOT NULL`,
      [userId],
    );
    for (const { id } of customers) await this.payments.eraseCustomer(id);
  }

  /** Customers before subscriptions before the entitlement, as events lock them, so that the two do not deadlock. */
  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of ['open_checkouts', 'billing_drifts', 'stripe_customers', 'subscriptions'] as const) {
      await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
    }
    await tx.query(REMOVE_JOBS, [`grace:${userId}`, `billing-notice:${userId}:%`]);
    await this.entitlements.erase(tx, userId);
    await tx.query('DELETE FROM tier_changes WHERE user_id = $1', [userId]);
  }
}
