import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { Database, Jobs, type Tx } from '@adiuva/platform';
import { InstallationStore } from '../plugins/installations.store';
import { reversalLine, saleLine, type RevenueLine } from './revenue-lines';
import { nextPurchase, type PurchaseState } from './purchase';
import { PurchaseStore, REFUND_PURCHASE, type Purchase } from './purchases.store';

/** Money that went back to a buyer: so many cents so far, or all of it by a dispute. */
export interface Refund {
  readonly kind: 'refund' | 'dispute';
  readonly totalCents: number;
}

const KEEP_RETURN = `
  INSERT INTO plugin_returns AS r (payment_id, refunded_cents, disputed) VALUES ($1, $2, $3)
  ON CONFLICT (payment_id) DO UPDATE SET
    refunded_cents = GREATEST(r.refunded_cents, excluded.refunded_cents), disputed = r.disputed OR excluded.disputed`;

/** Each sale and each refund is one transaction over purchase, ledger and installation, however often its event arrives. */
@Injectable()
export class SalesLedger {
  constructor(
    private readonly database: Database,
    private readonly store: PurchaseStore,
    private readonly installs: InstallationStore,
    private readonly jobs: Jobs,
  ) {}

  async complete(purchaseId: string, paymentId: string): Promise<void> {
    await this.database.transaction((tx) => this.recordPayment(tx, purchaseId, paymentId));
  }

  /** Delivers what a payment paid for, or refunds it. */
  async recordPayment(tx: Tx, purchaseId: string, paymentId: string): Promise<void> {
    await lockPayment(tx, paymentId);
    const purchase = await this.store.lock(tx, 'id', purchaseId);
    if (!purchase) return;
    const state = nextPurchase(purchase.state, 'paid');
    if (state === null) {
      if (purchase.paymentId !== paymentId) await this.refundLater(tx, purchaseId, paymentId);
      return;
    }
    const userId = await this.deliverableTo(tx, purchase);
    if (userId === null) {
      await this.setState(tx, purchaseId, nextPurchase(purchase.state, 'undeliverable'), paymentId);
      await this.refundLater(tx, purchaseId, paymentId);
      return;
    }
    await this.setState(tx, purchaseId, state, paymentId);
    await this.addLine(tx, purchase, saleLine(purchase.priceCents));
    await this.installs.add(tx, userId, purchase.pluginId, purchase.version);
    await this.applyEarlyReturns(tx, paymentId);
  }

  /** Our own refund of an undeliverable purchase succeeded. */
  async recordRefund(purchaseId: string, paymentId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const purchase = await this.store.lock(tx, 'id', purchaseId);
      if (purchase?.state === 'refunding' && purchase.paymentId === paymentId) await this.close(tx, purchase);
    });
  }

  /**
   * Money of a payment went back: the shares of it are reversed, and a whole refund removes the installation. Refunds of a payment that no
   * purchase has yet are kept until one has.
   */
  async recordReturn(tx: Tx, paymentId: string, back: Refund): Promise<void> {
    await lockPayment(tx, paymentId);
    const purchase = await this.store.lock(tx, 'payment_id', paymentId);
    if (!purchase) {
      await tx.query(KEEP_RETURN, [paymentId, back.kind === 'refund' ? back.totalCents : 0, back.kind === 'dispute']);
      return;
    }
    if (purchase.state !== 'paid') return;
    const total = back.kind === 'dispute' ? purchase.priceCents : Math.min(back.totalCents, purchase.priceCents);
    const line = reversalLine(back.kind, purchase.priceCents, purchase.returnedCents, total);
    if (!line) return;
    await this.addLine(tx, purchase, line);
    await tx.query('UPDATE plugin_purchases SET returned_cents = $2 WHERE id = $1', [purchase.id, total]);
    if (total >= purchase.priceCents) await this.close(tx, purchase);
  }

  private async applyEarlyReturns(tx: Tx, paymentId: string): Promise<void> {
    const [early] = await tx.query<{ refunded_cents: number; disputed: boolean }[]>(
      'SELECT refunded_cents, disputed FROM plugin_returns WHERE payment_id = $1',
      [paymentId],
    );
    if (early && early.refunded_cents > 0)
      await this.recordReturn(tx, paymentId, { kind: 'refund', totalCents: early.refunded_cents });
    if (early?.disputed) await this.recordReturn(tx, paymentId, { kind: 'dispute', totalCents: 0 });
  }

  private async close(tx: Tx, purchase: Purchase): Promise<void> {
    await this.setState(tx, purchase.id, nextPurchase(purchase.state, 'refunded'), purchase.paymentId);
    if (purchase.state === 'paid' && purchase.userId)
      await this.installs.remove(tx, purchase.userId, purchase.pluginId);
  }

  /** The buyer, unless erased, the plugin is not listed any more, or another purchase exists. */
  private async deliverableTo(tx: Tx, purchase: Purchase): Promise<string | null> {
    if (purchase.userId === null) return null;
    const [row] = await tx.query<{ listed: boolean; other: boolean }[]>(
      `SELECT EXISTS (SELECT 1 FROM plugins WHERE id = $1 AND state = 'listed') AS listed,
         EXISTS (SELECT 1 FROM plugin_purchases WHERE plugin_id = $1 AND user_id = $2 AND id <> $3
           AND state IN ('intended', 'awaiting_payment', 'paid')) AS other`,
      [purchase.pluginId, purchase.userId, purchase.id],
    );
    return row?.listed && !row.other ? purchase.userId : null;
  }

  private async setState(tx: Tx, id: string, state: PurchaseState | null, paymentId: string | null): Promise<void> {
    if (state === null) throw new Error('a purchase cannot go there');
    await tx.query('UPDATE plugin_purchases SET state = $2, payment_id = $3, busy_until = NULL WHERE id = $1', [
      id,
      state,
      paymentId,
    ]);
  }

  private async addLine(tx: Tx, { id, developerId, pluginId }: Purchase, line: RevenueLine): Promise<void> {
    await tx.query(
      `INSERT INTO plugin_revenue (id, developer_id, plugin_id, purchase_id, kind, gross_cents, developer_cents, platform_cents)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [newId(), developerId, pluginId, id, line.kind, line.grossCents, line.developerCents, line.platformCents],
    );
  }

  private async refundLater(tx: Tx, purchaseId: string, paymentId: string): Promise<void> {
    await this.jobs.add(tx, REFUND_PURCHASE, { purchaseId, paymentId }, { key: `give_back:${paymentId}` });
  }
}

/** Serialises everything about one payment, also while no row names it. */
async function lockPayment(tx: Tx, paymentId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [paymentId]);
}
