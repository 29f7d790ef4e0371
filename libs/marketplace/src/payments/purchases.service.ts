import { Injectable } from '@nestjs/common';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { Billing, MarketplacePayments, type PaymentPage } from '@adiuva/billing';
import { ServerConfig } from '@adiuva/config';
import { MIN_CHARGE_CENTS } from '../plugins/name-rules';
import { referenceOf } from './purchase';
import { PurchaseStore, type Purchase, type PurchaseRequest } from './purchases.store';
import { SalesLedger } from './sales-ledger.service';

const LOOK_AGAIN_MS = 100;
const MAX_WAIT_MS = 25_000;
const MAX_TITLE = 250;
/** How long a page for paying stays open. */
const PAGE_MS = 24 * 60 * 60 * 1_000;

/** One try to be paid: whose purchase, by which customer, and how it is named at the provider. */
interface Order {
  readonly key: string;
  readonly customer: string | null;
  readonly amountCents: number;
  readonly reference: string;
  readonly userId: string;
  readonly description: string;
}

/**
 * Buying: an intention is written down, one request at a time works on it, the card is charged under a key made from it, and one
 * transaction then writes purchase, revenue and installation. Whoever comes meanwhile waits for that and is charged nothing.
 */
@Injectable()
export class Purchases {
  constructor(
    private readonly rows: PurchaseStore,
    private readonly book: SalesLedger,
    private readonly payments: MarketplacePayments,
    private readonly billing: Billing,
    private readonly server: ServerConfig,
    private readonly clock: Clock,
  ) {}

  /** Returns when it is paid and installed. @throws `payment_required` with `checkout_url`, `not_configured`, `unprocessable`, `upstream_failed`, `conflict` */
  async buy(buyer: Principal, wanted: PurchaseRequest, signal?: AbortSignal): Promise<void> {
    if (!this.payments.configured) throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
    if (wanted.priceCents < MIN_CHARGE_CENTS) {
      throw new Problem('unprocessable', { detail: `Cards cannot be charged less than ${MIN_CHARGE_CENTS} cents` });
    }
    const deadline = performance.now() + MAX_WAIT_MS;
    while (performance.now() < deadline && !signal?.aborted) {
      const open = await this.rows.openPurchase(buyer.userId, wanted);
      if (open.state === 'paid') return;
      const mine = await this.rows.acquireLease(open.id);
      if (mine) return await this.work(buyer, mine, wanted);
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    throw new Problem('conflict', { detail: 'This purchase is under way', retryAfter: 5 });
  }

  /** Ends a purchase that nobody finished: it is completed when it was paid for, else given up. Run by a job. */
  async settle(purchaseId: string): Promise<void> {
    const purchase = await this.rows.acquireLease(purchaseId);
    if (!purchase) {
      const now = await this.rows.find(purchaseId);
      if (now?.state === 'intended' || now?.state === 'awaiting_payment') {
        throw new Problem('conflict', { detail: 'Somebody works on it' });
      }
      return;
    }
    try {
      if (purchase.pageOpen) return;
      const paymentId = await this.paymentOf(purchase);
      if (paymentId) await this.book.complete(purchase.id, paymentId);
      else await this.rows.abandon(purchase.id);
    } finally {
      await this.rows.releaseLease(purchase.id);
    }
  }

  /** Gives a payment back that bought nothing. Run by a job. */
  async refund(purchaseId: string, paymentId: string): Promise<void> {
    await this.payments.refund(`plugin_refund_${paymentId}`, paymentId);
    await this.book.recordRefund(purchaseId, paymentId);
  }

  /** Goes on when the client has hung up, because a charge that is broken off may have been made. */
  private async work(buyer: Principal, purchase: Purchase, wanted: PurchaseRequest): Promise<void> {
    try {
      await this.pay(buyer, purchase, wanted);
    } finally {
      await this.rows.releaseLease(purchase.id);
    }
  }

  private async pay(buyer: Principal, purchase: Purchase, wanted: PurchaseRequest): Promise<void> {
    const customer = await this.billing.customerOf(buyer.userId);
    const hasCard = customer !== null && (await this.payments.hasCard(customer));
    if (purchase.pageOpen && purchase.pageUrl !== null && !hasCard) throw paymentRequired(purchase.pageUrl);
    let attempt = purchase.attempt;
    if (purchase.state === 'awaiting_payment') {
      const paymentId = await this.paymentOf(purchase);
      if (paymentId) return this.book.complete(purchase.id, paymentId);
      attempt = await this.rows.nextAttempt(purchase.id);
    }
    const order = orderOf(purchase, buyer.userId, customer, attempt, wanted.name);
    if (hasCard) {
      const outcome = await this.payments.charge({ ...order, customer });
      if (outcome.status === 'paid') return this.book.complete(purchase.id, outcome.payment);
    }
    throw paymentRequired((await this.openPage(purchase.id, order)).url);
  }

  private async openPage(purchaseId: string, order: Order): Promise<PaymentPage> {
    const page = await this.payments.openPayment({
      ...order,
      key: `${order.key}_page`,
      returnUrl: this.server.publicUrl,
    });
    await this.rows.sentToPage(purchaseId, page, new Date(this.clock.now().getTime() + PAGE_MS));
    return page;
  }

  /** The payment of a purchase, after making sure that its page takes none any more. */
  private async paymentOf(purchase: Purchase): Promise<string | null> {
    if (purchase.pageId !== null) await this.payments.closePayment(purchase.pageId);
    return this.payments.paymentFor(referenceOf(purchase.id), purchase.pageId);
  }
}

function orderOf(purchase: Purchase, userId: string, customer: string | null, attempt: number, name: string): Order {
  const reference = referenceOf(purchase.id);
  const description = name.slice(0, MAX_TITLE);
  return { key: `${reference}_${attempt}`, customer, amountCents: purchase.priceCents, reference, userId, description };
}

function paymentRequired(checkoutUrl: string): Problem {
  return new Problem('payment_required', {
    detail: 'There is no card on file that pays this; pay at the checkout address',
    members: { checkout_url: checkoutUrl },
  });
}
