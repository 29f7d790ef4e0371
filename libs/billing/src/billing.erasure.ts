import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@adiuva/platform';
import { Entitlements } from './entitlements/entitlements.service';
import { SubscriptionPayments } from './payments/payment.port';

/** Forgets a user: first at Stripe, so that nothing is charged any more, then here. */
@Injectable()
export class BillingErasure {
  constructor(
    private readonly database: Database,
    private readonly payments: SubscriptionPayments,
    private readonly entitlements: Entitlements,
  ) {}

  /** Ends his subscriptions and deletes his customers at Stripe. May run again; without a key there is nobody to ask. */
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

  /** Customers before subscriptions before the entitlement, as events lock them: two that wait for each other would cost a repetition. */
  async erase(tx: Tx, userId: string): Promise<void> {
    for (const table of [
      'open_checkouts',
      'tier_changes',
      'billing_drifts',
      'subscriptions',
      'stripe_customers',
    ] as const) {
      await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
    }
    await this.entitlements.erase(tx, userId);
    await tx.query('DELETE FROM tier_changes WHERE user_id = $1', [userId]);
  }
}
