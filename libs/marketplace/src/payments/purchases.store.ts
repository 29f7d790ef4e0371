import { Injectable } from '@nestjs/common';
import { isId, newId, Problem } from '@adiuva/kernel';
import { lockLiveUser } from '@adiuva/auth';
import { Database, jobKind, Jobs, returnedRows, type Reader, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { nextPurchase, type PurchaseEvent, type PurchaseState } from './purchase';

export interface Purchase {
  readonly id: string;
  readonly userId: string | null;
  readonly pluginId: string;
  readonly developerId: string;
  readonly version: string;
  readonly priceCents: number;
  readonly state: PurchaseState;
  readonly attempt: number;
  readonly paymentId: string | null;
  readonly pageId: string | null;
  readonly pageUrl: string | null;
  readonly pageOpen: boolean;
  readonly returnedCents: number;
  /** Whether a refund removed the installation. */
  readonly uninstalled: boolean;
}

/** What a user buys, at the price that was shown. */
export interface PurchaseRequest {
  readonly pluginId: string;
  readonly developerId: string;
  readonly version: string;
  readonly name: string;
  readonly priceCents: number;
}

/** What a payment tells of its purchase. */
export interface PaidPurchase {
  readonly id: string;
  readonly userId: string | null;
  readonly amountCents: number | null;
  readonly pluginId: string | undefined;
  readonly version: string | undefined;
}

export const SETTLE_PURCHASE = jobKind('settle_plugin_purchase', z.object({ purchaseId: z.uuid() }));
export const REFUND_PURCHASE = jobKind(
  'refund_plugin_purchase',
  z.object({ purchaseId: z.uuid(), paymentId: z.string() }),
);

/** A lease lasts this long; a request asks the provider for at most 20 s. */
const LEASE_SECONDS = 40;
/** When an unfinished purchase is settled. */
const SETTLE_AFTER_MS = 3 * 60 * 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

const COLUMNS = `id, user_id AS "userId", plugin_id AS "pluginId", developer_id AS "developerId", version,
  price_cents AS "priceCents", state, attempt, payment_id AS "paymentId", page_id AS "pageId", page_url AS "pageUrl",
  coalesce(page_ends_at > now() + interval '1 minute', false) AS "pageOpen", returned_cents AS "returnedCents", uninstalled`;

const INSERT_INTENT = `
  INSERT INTO plugin_purchases (id, user_id, plugin_id, developer_id, version, price_cents, state)
  VALUES ($1, $2, $3, $4, $5, $6, 'intended')
  ON CONFLICT (user_id, plugin_id) WHERE state IN ('intended', 'awaiting_payment', 'paid') DO NOTHING`;

/** $1 id, $2 user, $3 plugin, $4 version, $5 cents. Failed: a payment that arrives late still buys what it was for, unless it was bought again. */
const RECOVER = `
  INSERT INTO plugin_purchases (id, user_id, plugin_id, developer_id, version, price_cents, state)
  SELECT $1, u.id, p.id, p.developer_id, $4, $5, 'failed' FROM plugins p, users u
  WHERE p.id = $3 AND u.id = $2 AND u.erased_at IS NULL ON CONFLICT (id) DO NOTHING RETURNING id`;

/** The rows of purchases, with leases on the database's clock. */
@Injectable()
export class PurchaseStore {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {}

  /** The one open purchase of this user and plugin, inserted now if there was none, before any charge. @throws `unauthenticated` */
  async openPurchase(userId: string, request: PurchaseRequest): Promise<Purchase> {
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId);
      const { pluginId, developerId, version, priceCents } = request;
      await tx.query(INSERT_INTENT, [newId(), userId, pluginId, developerId, version, priceCents]);
      const [row] = await tx.query<Purchase[]>(
        `SELECT ${COLUMNS} FROM plugin_purchases WHERE user_id = $1 AND plugin_id = $2 AND state IN ('intended', 'awaiting_payment', 'paid')`,
        [userId, pluginId],
      );
      if (!row) throw new Error('a purchase vanished while it was written');
      if (row.state === 'intended') await this.settleAt(tx, row.id, new Date(Date.now() + SETTLE_AFTER_MS));
      return row;
    });
  }

  /** Null while another request holds the lease, or when the purchase is not open any more. */
  async acquireLease(id: string): Promise<Purchase | null> {
    const [row] = await this.database.read((reader) =>
      returnedRows<Purchase>(
        reader,
        `UPDATE plugin_purchases SET busy_until = now() + interval '${LEASE_SECONDS} seconds'
         WHERE id = $1 AND state IN ('intended', 'awaiting_payment') AND (busy_until IS NULL OR busy_until < now()) RETURNING ${COLUMNS}`,
        [id],
      ),
    );
    return row ?? null;
  }

  async releaseLease(id: string): Promise<void> {
    await this.database.query('UPDATE plugin_purchases SET busy_until = NULL WHERE id = $1', [id]);
  }

  async find(id: string): Promise<Purchase | null> {
    return this.database.read((reader) => this.findIn(reader, id));
  }

  async findIn(reader: Reader, id: string): Promise<Purchase | null> {
    const [row] = await reader.query<Purchase[]>(`SELECT ${COLUMNS} FROM plugin_purchases WHERE id = $1`, [id]);
    return row ?? null;
  }

  /** True where the purchase was not known, its plugin and its buyer are. */
  async recover(tx: Tx, { id, userId, amountCents, pluginId, version }: PaidPurchase): Promise<boolean> {
    if (userId === null || amountCents === null || !isId(pluginId ?? '') || version === undefined) return false;
    const values = [id, userId, pluginId, version, amountCents];
    return (await tx.query<unknown[]>(RECOVER, values)).length > 0;
  }

  async lock(tx: Tx, column: 'id' | 'payment_id', value: string): Promise<Purchase | null> {
    const [row] = await tx.query<Purchase[]>(
      `SELECT ${COLUMNS} FROM plugin_purchases WHERE ${column} = $1 FOR UPDATE`,
      [value],
    );
    return row ?? null;
  }

  /** Changes the state in the locked row and returns it; null, without a change, where `event` does not fit. */
  async advance(tx: Tx, id: string, event: PurchaseEvent): Promise<PurchaseState | null> {
    const purchase = await this.lock(tx, 'id', id);
    const state = purchase && nextPurchase(purchase.state, event);
    if (state !== null) await tx.query('UPDATE plugin_purchases SET state = $2 WHERE id = $1', [id, state]);
    return state;
  }

  /** The buyer was sent to a page; once it has expired the purchase is settled. */
  async sentToPage(id: string, page: { readonly id: string; readonly url: string }, endsAt: Date): Promise<void> {
    await this.database.transaction(async (tx) => {
      const state = await this.advance(tx, id, 'sent_to_checkout');
      if (state === null) return;
      await tx.query('UPDATE plugin_purchases SET page_id = $2, page_url = $3, page_ends_at = $4 WHERE id = $1', [
        id,
        page.id,
        page.url,
        endsAt,
      ]);
      await this.settleAt(tx, id, new Date(endsAt.getTime() + SETTLE_AFTER_MS));
    });
  }

  /** The page was completed and takes no second payment, although the bank may still be processing the first one. */
  async pageCompleted(tx: Tx, id: string, pageId: string): Promise<void> {
    await tx.query(
      `UPDATE plugin_purchases SET page_ends_at = now() WHERE id = $1 AND page_id = $2 AND state = 'awaiting_payment'`,
      [id, pageId],
    );
  }

  /** Nothing was paid under this attempt and nothing can be any more; the next is a new request to the provider. */
  nextAttempt(id: string): Promise<number> {
    return this.database.transaction(async (tx) => {
      if ((await this.advance(tx, id, 'retried')) === null)
        throw new Problem('conflict', { detail: 'This purchase has just ended' });
      const [row] = await returnedRows<{ attempt: number }>(
        tx,
        `UPDATE plugin_purchases SET attempt = attempt + 1, page_id = NULL, page_url = NULL, page_ends_at = NULL
         WHERE id = $1 RETURNING attempt`,
        [id],
      );
      return row?.attempt ?? 1;
    });
  }

  /** A bank processes the payment; it can take days. */
  async settleLater(id: string): Promise<void> {
    await this.database.transaction((tx) => this.settleAt(tx, id, new Date(Date.now() + DAY_MS)));
  }

  /** One job a payment, which refunds it when the transaction commits, or at `runAt`. */
  async refund(tx: Tx, purchaseId: string, paymentId: string, runAt?: Date): Promise<void> {
    const options = { key: `give_back:${paymentId}`, ...(runAt ? { runAt } : {}) };
    await this.jobs.add(tx, REFUND_PURCHASE, { purchaseId, paymentId }, options);
  }

  /** A dispute is open, which takes weeks to decide; until then nothing can be refunded. */
  async refundLater(purchaseId: string, paymentId: string): Promise<void> {
    const runAt = new Date(Date.now() + DAY_MS);
    await this.database.transaction((tx) => this.refund(tx, purchaseId, paymentId, runAt));
  }

  async abandon(id: string): Promise<void> {
    await this.database.transaction((tx) => this.advance(tx, id, 'abandoned'));
  }

  private async settleAt(tx: Tx, purchaseId: string, runAt: Date): Promise<void> {
    await this.jobs.add(tx, SETTLE_PURCHASE, { purchaseId }, { key: `settle_plugin:${purchaseId}`, runAt });
  }
}
