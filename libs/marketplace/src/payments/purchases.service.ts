import { Injectable } from '@nestjs/common';
import { Clock, newId, Problem, type Principal } from '@adiuva/kernel';
import { Billing, MarketplacePayments, returnPages, type PaymentPage } from '@adiuva/billing';
import { ServerConfig } from '@adiuva/config';
import { MIN_CHARGE_CENTS } from '../plugins/name-rules';
import { referenceOf } from './purchase';
import { PurchaseStore, type Purchase, type PurchaseRequest } from './purchases.store';
import { SalesLedger } from './sales-ledger.service';

const POLL_MS = 100;
const MAX_WAIT_MS = 25_000;
const MAX_TITLE = 250;
/** When a buyer whose bank processes a payment may ask again. */
const PROCESSING_SECONDS = 3_600;
/** How long a page for paying stays open. */
const PAGE_MS = 24 * 60 * 60 * 1_000;

/** One attempt to be paid: the purchase's user, the customer, and its reference at the provider. */
interface Order {
  readonly key: string;
  readonly customer: string | null;
  readonly amountCents: number;
  readonly reference: string;
  readonly userId: string;
  readonly description: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Buying: an intent is stored, one request at a time holds its lease, the card is charged under an idempotency key derived from it, and one
 * transaction then writes purchase, revenue and installation. Concurrent requests wait for that and are charged nothing.
 */
@Injectable()
export class Purchases {
  constructor(
    private readonly store: PurchaseStore,
    private readonly ledger: SalesLedger,
    private readonly payments: MarketplacePayments,
    private readonly billing: Billing,
    private readonly server: ServerConfig,
    private readonly clock: Clock,
  ) {}

  /** Returns when it is paid and installed. @throws `payment_required` with `checkout_url`, `not_configured`, `unprocessable`, `upstream_failed`, `conflict` */
  async buy(buyer: Principal, request: PurchaseRequest, signal?: AbortSignal): Promise<void> {
    if (!this.payments.configured) throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
    if (request.priceCents < MIN_CHARGE_CENTS) {
      throw new Problem('unprocessable', { detail: `Cards cannot be charged less than ${MIN_CHARGE_CENTS} cents` });
    }
    const deadline = performance.now() + MAX_WAIT_MS;
    while (performance.now() < deadline && !signal?.aborted) {
      const open = await this.store.openPurchase(buyer.userId, request);
      if (open.state === 'paid') return;
      const mine = await this.store.acquireLease(open.id);
      if (mine) return await this.work(buyer, mine, request);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Problem('conflict', { detail: 'This purchase is in progress', retryAfter: 5 });
  }

  /** Ends an unfinished purchase: it is completed when it was paid, else abandoned. Run by a job. */
  async settle(purchaseId: string): Promise<void> {
    const purchase = await this.store.acquireLease(purchaseId);
    if (!purchase) {
      const now = await this.store.find(purchaseId);
      if (now?.state === 'intended' || now?.state === 'awaiting_payment') {
        throw new Problem('conflict', { detail: 'A request holds the lease' });
      }
      return;
    }
    try {
      if (purchase.pageOpen) return;
      const paymentId = await this.paymentOf(purchase);
      if (paymentId === 'processing') await this.store.settleLater(purchase.id);
      else if (paymentId) await this.ledger.complete(purchase.id, paymentId);
      else await this.store.abandon(purchase.id);
    } finally {
      await this.store.releaseLease(purchase.id);
    }
  }

  /** Refunds a payment that bought nothing. Run by a job. */
  async refund(purchaseId: string, paymentId: string): Promise<void> {
    if (await this.ledger.isReturned(purchaseId, paymentId)) return;
    try {
      // Of what is left: a repetition refunds nothing more.
      const at = await this.payments.refund(newId(), paymentId);
      // An earlier refund is told by its event, which bears the time on Stripe's clock.
      if (at !== null) await this.ledger.recordRefund(purchaseId, paymentId, at);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error;
      await this.store.refundLater(purchaseId, paymentId);
    }
  }

  /** Continues after the client has disconnected, because an interrupted charge may have been made. */
  private async work(buyer: Principal, purchase: Purchase, request: PurchaseRequest): Promise<void> {
    try {
      await this.pay(buyer, purchase, request);
    } finally {
      await this.store.releaseLease(purchase.id);
    }
  }

  private async pay(buyer: Principal, purchase: Purchase, request: PurchaseRequest): Promise<void> {
    const customer = await this.billing.customerOf(buyer.userId);
    const hasCard = customer !== null && (await this.payments.hasCard(customer));
    if (purchase.pageOpen && purchase.pageUrl !== null && !hasCard) throw paymentRequired(purchase.pageUrl);
    let attempt = purchase.attempt;
    if (purchase.state === 'awaiting_payment') {
      const paymentId = await this.paymentOf(purchase);
      if (paymentId === 'processing') {
        throw new Problem('conflict', { detail: 'The bank is processing the payment', retryAfter: PROCESSING_SECONDS });
      }
      if (paymentId) return this.ledger.complete(purchase.id, paymentId);
      attempt = await this.store.nextAttempt(purchase.id);
    }
    const order = orderOf(purchase, buyer.userId, customer, attempt, request.name);
    if (hasCard) {
      const outcome = await this.payments.charge({ ...order, customer });
      if (outcome.status === 'paid') return this.ledger.complete(purchase.id, outcome.payment);
    }
    throw paymentRequired((await this.openPage(purchase.id, order)).url);
  }

  private async openPage(purchaseId: string, order: Order): Promise<PaymentPage> {
    const page = await this.payments.openPayment({
      ...order,
      key: `${order.key}_page`,
      returnUrls: returnPages(this.server.publicUrl).payment,
    });
    await this.store.sentToPage(purchaseId, page, new Date(this.clock.now().getTime() + PAGE_MS));
    return page;
  }

  /** The payment of a purchase, after expiring its page; `processing` while the buyer's bank has not decided. */
  private async paymentOf(purchase: Purchase): Promise<string | null> {
    const page = purchase.pageId === null ? 'unpaid' : await this.payments.closePayment(purchase.pageId);
    if (page === 'processing') return page;
    return this.payments.paymentFor(referenceOf(purchase.id), purchase.pageId);
  }
}

function orderOf(purchase: Purchase, userId: string, customer: string | null, attempt: number, name: string): Order {
  const reference = referenceOf(purchase.id);
  const description = name.slice(0, MAX_TITLE);
  const labels = { plugin_id: purchase.pluginId, version: purchase.version };
  return {
    ...{ key: `${reference}_${attempt}`, customer, amountCents: purchase.priceCents, reference },
    ...{ userId, description, labels },
  };
}

function paymentRequired(checkoutUrl: string): Problem {
  return new Problem('payment_required', {
    detail: 'No card on file pays this; pay at the checkout address',
    members: { checkout_url: checkoutUrl },
  });
}
