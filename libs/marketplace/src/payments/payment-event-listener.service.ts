import { Injectable } from '@nestjs/common';
import { StripeWebhooks, type PaymentEvent } from '@adiuva/billing';
import type { Tx } from '@adiuva/platform';
import { Developers } from './developers.service';
import { purchaseIn } from './purchase';
import { SalesLedger } from './sales-ledger.service';

/** Hears what the payment provider says about sales and developers' accounts, in the transaction in which its event is taken in. */
@Injectable()
export class PaymentEventListener {
  constructor(
    webhooks: StripeWebhooks,
    private readonly book: SalesLedger,
    private readonly developers: Developers,
  ) {
    webhooks.onPayment((tx, news) => this.hear(tx, news));
  }

  private async hear(tx: Tx, news: PaymentEvent): Promise<void> {
    switch (news.kind) {
      case 'payment_completed': {
        const purchaseId = news.reference === null ? null : purchaseIn(news.reference);
        if (purchaseId !== null && news.payment !== null) await this.book.recordPayment(tx, purchaseId, news.payment);
        return;
      }
      case 'refunded':
        if (news.payment !== null)
          await this.book.returned(tx, news.payment, { kind: 'refund', totalCents: news.refundedCents });
        return;
      case 'disputed':
        if (news.payment !== null)
          await this.book.returned(tx, news.payment, { kind: 'dispute', totalCents: news.amountCents });
        return;
      case 'account_updated':
        await this.developers.accountChanged(tx, news.account, news.payable);
    }
  }
}
