import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { Database, Log, type Tx } from '@adiuva/platform';
import { InstallationStore } from '../plugins/installations.store';
import { nextPurchase, type PurchaseState } from './purchase';
import { PurchaseStore, type PaidPurchase, type Purchase } from './purchases.store';
import { NO_RETURNS, reduceReturns, returnedCents, Returns, type ReturnUpdate } from './returns';
import { returnLine, saleLine, type RevenueLine } from './revenue-lines';

const SAVE_RETURNS = `
  INSERT INTO plugin_returns (payment_id, state) VALUES ($1, $2)
  ON CONFLICT (payment_id) DO UPDATE SET state = excluded.state, updated_at = now()`;

/** Each sale, refund and dispute is one transaction over purchase, ledger and installation, however often and in which order its events arrive. */
@Injectable()
export class SalesLedger {
  constructor(
    private readonly database: Database,
    private readonly store: PurchaseStore,
    private readonly installations: InstallationStore,
    private readonly log: Log,
  ) {}

  async complete(purchaseId: string, paymentId: string): Promise<void> {
    await this.database.transaction((tx) => this.recordPayment(tx, purchaseId, paymentId, null));
  }

  /** A purchase that a restored database does not know: what its payment carries is enough to deliver it, or to refund it. */
  async recover(tx: Tx, paid: PaidPurchase): Promise<void> {
    if (await this.store.recover(tx, paid)) this.log.warn('purchase_recovered', { reason: paid.id });
  }

  /** Delivers what a payment paid for, or refunds it. A payment of another amount than the price (null: not told) pays nothing. */
  async recordPayment(tx: Tx, purchaseId: string, paymentId: string, amountCents: number | null): Promise<void> {
    await lockPayment(tx, paymentId);
    const purchase = await this.store.lock(tx, 'id', purchaseId);
    if (!purchase) return;
    if (amountCents !== null && amountCents !== purchase.priceCents) {
      return this.log.warn('purchase_amount_differs', { reason: purchaseId });
    }
    if (nextPurchase(purchase.state, 'paid') === null) {
      if (purchase.paymentId !== paymentId) await this.store.refund(tx, purchaseId, paymentId);
      return;
    }
    const userId = await this.deliverableTo(tx, purchase);
    if (userId === null) {
      await this.setState(tx, purchase, nextPurchase(purchase.state, 'undeliverable'), paymentId);
      await this.store.refund(tx, purchaseId, paymentId);
    } else {
      await this.setState(tx, purchase, 'paid', paymentId);
      await this.addLine(tx, purchase, saleLine(purchase.priceCents));
      await this.installations.add(tx, userId, purchase.pluginId, purchase.version);
    }
    const returns = await readReturns(tx, paymentId);
    const kind = Object.keys(returns.disputes).length > 0 ? 'dispute' : 'refund';
    await this.applyReturns(tx, paymentId, returns, kind);
  }

  /** Whether all of a payment is with the buyer or the bank. */
  async isReturned(purchaseId: string, paymentId: string): Promise<boolean> {
    const purchase = await this.store.find(purchaseId);
    const returns = await this.database.transaction((tx) => readReturns(tx, paymentId));
    return purchase !== null && returnedCents(returns, purchase.priceCents) >= purchase.priceCents;
  }

  /** Our own refund of a payment that bought nothing, or bought it twice, succeeded at `at` (seconds on Stripe's clock, as its events count). */
  async recordRefund(purchaseId: string, paymentId: string, at: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const purchase = await this.store.findIn(tx, purchaseId);
      if (purchase?.state !== 'refunding' || purchase.paymentId !== paymentId) return;
      await this.recordReturn(tx, paymentId, { kind: 'refund', at, cents: purchase.priceCents });
    });
  }

  /**
   * Money of a payment went back, or was reinstated: the shares follow, a whole return removes the installation and its end restores it. Returns
   * of a payment that no purchase has yet are kept until one has.
   */
  async recordReturn(tx: Tx, paymentId: string, update: ReturnUpdate): Promise<void> {
    await lockPayment(tx, paymentId);
    const returns = reduceReturns(await readReturns(tx, paymentId), update);
    await tx.query(SAVE_RETURNS, [paymentId, JSON.stringify(returns)]);
    await this.applyReturns(tx, paymentId, returns, update.kind === 'dispute' ? 'dispute' : 'refund');
  }

  /** The page was completed, but its bank has not paid yet. */
  async recordPending(tx: Tx, purchaseId: string, pageId: string): Promise<void> {
    await this.store.pageCompleted(tx, purchaseId, pageId);
  }

  /** The bank did not pay after the page was completed. */
  async recordFailure(tx: Tx, purchaseId: string, pageId: string): Promise<void> {
    const purchase = await this.store.lock(tx, 'id', purchaseId);
    if (purchase?.state === 'awaiting_payment' && purchase.pageId === pageId)
      await this.store.advance(tx, purchaseId, 'abandoned');
  }

  private async applyReturns(tx: Tx, paymentId: string, returns: Returns, kind: 'refund' | 'dispute'): Promise<void> {
    const purchase = await this.store.lock(tx, 'payment_id', paymentId);
    if (purchase) await this.setReturned(tx, purchase, returnedCents(returns, purchase.priceCents), kind);
  }

  private async setReturned(tx: Tx, purchase: Purchase, cents: number, kind: 'refund' | 'dispute'): Promise<void> {
    const { id, priceCents, returnedCents: before, state } = purchase;
    const line = returnLine(kind, priceCents, before, cents);
    if (line === null) return;
    await tx.query('UPDATE plugin_purchases SET returned_cents = $2 WHERE id = $1', [id, cents]);
    const delivered = await wasDelivered(tx, id);
    if (delivered) await this.addLine(tx, purchase, line);
    if (cents >= priceCents) await this.close(tx, purchase);
    else if (state === 'refunded' && delivered) await this.reopen(tx, purchase);
    else if (state === 'refunded' && kind === 'dispute' && purchase.paymentId !== null)
      await this.store.refund(tx, id, purchase.paymentId);
    else if (state === 'refunded') this.log.warn('refund_failed', { reason: id });
  }

  /** All of the money went back. */
  private async close(tx: Tx, purchase: Purchase): Promise<void> {
    await this.setState(tx, purchase, nextPurchase(purchase.state, 'refunded'), purchase.paymentId);
    if (purchase.state !== 'paid' || purchase.userId === null) return;
    if (await this.installations.remove(tx, purchase.userId, purchase.pluginId))
      await tx.query('UPDATE plugin_purchases SET uninstalled = true WHERE id = $1', [purchase.id]);
  }

  /** Money was reinstated. A buyer who has paid again meanwhile gets the second payment back. */
  private async reopen(tx: Tx, purchase: Purchase): Promise<void> {
    const { id, userId, pluginId, version, paymentId } = purchase;
    const others = await tx.query<{ id: string }[]>(
      `SELECT id FROM plugin_purchases WHERE user_id = $1 AND plugin_id = $2 AND id <> $3
       AND state IN ('intended', 'awaiting_payment', 'paid')`,
      [userId, pluginId, id],
    );
    for (const other of others) await this.supersede(tx, other.id);
    await this.setState(tx, purchase, nextPurchase(purchase.state, 'reinstated'), paymentId);
    if (userId === null || !purchase.uninstalled) return;
    await tx.query('UPDATE plugin_purchases SET uninstalled = false WHERE id = $1', [id]);
    const exists = await tx.query<unknown[]>('SELECT 1 FROM plugins WHERE id = $1', [pluginId]);
    if (exists.length > 0) await this.installations.add(tx, userId, pluginId, version);
  }

  private async supersede(tx: Tx, purchaseId: string): Promise<void> {
    const superseded = await this.store.advance(tx, purchaseId, 'superseded');
    if (superseded === null) return void (await this.store.advance(tx, purchaseId, 'abandoned'));
    const purchase = await this.store.lock(tx, 'id', purchaseId);
    if (purchase?.paymentId) await this.store.refund(tx, purchaseId, purchase.paymentId);
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

  private async setState(
    tx: Tx,
    { id, state: before }: Purchase,
    state: PurchaseState | null,
    paymentId: string | null,
  ): Promise<void> {
    if (state === null) throw new Error(`a purchase that is ${before} has no such next state`);
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
}

async function readReturns(tx: Tx, paymentId: string): Promise<Returns> {
  const [row] = await tx.query<{ state: unknown }[]>('SELECT state FROM plugin_returns WHERE payment_id = $1', [
    paymentId,
  ]);
  return row ? Returns.parse(row.state) : NO_RETURNS;
}

async function wasDelivered(tx: Tx, purchaseId: string): Promise<boolean> {
  const sales = await tx.query<unknown[]>(`SELECT 1 FROM plugin_revenue WHERE purchase_id = $1 AND kind = 'sale'`, [
    purchaseId,
  ]);
  return sales.length > 0;
}

/** Serialises everything about one payment, also while no row names it. */
async function lockPayment(tx: Tx, paymentId: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [paymentId]);
}
