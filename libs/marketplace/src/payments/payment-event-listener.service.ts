import { Injectable } from '@nestjs/common';
import { StripeWebhooks, type PaymentEvent } from '@adiuva/billing';
import type { Tx } from '@adiuva/platform';
import { Developers } from './developers.service';
import { purchaseIn } from './purchase';
import { SalesLedger } from './sales-ledger.service';

/** Applies events of sales and developers' accounts, in the transaction of the event. */
@Injectable()
export class PaymentEventListener {
  constructor(
    webhooks: StripeWebhooks,
    private readonly ledger: SalesLedger,
    private readonly developers: Developers,
  ) {
    webhooks.onPayment((tx, event) => this.apply(tx, event));
  }

  private async apply(tx: Tx, event: PaymentEvent): Promise<void> {
    switch (event.kind) {
      case 'payment_completed': {
        const purchaseId = event.reference === null ? null : purchaseIn(event.reference);
        if (purchaseId !== null && event.payment !== null)
          await this.ledger.recordPayment(tx, purchaseId, event.payment);
        return;
      }
      case 'refunded':
        if (event.payment !== null)
          await this.ledger.recordReturn(tx, event.payment, { kind: 'refund', totalCents: event.refundedCents });
        return;
      case 'disputed':
        if (event.payment !== null)
          await this.ledger.recordReturn(tx, event.payment, { kind: 'dispute', totalCents: event.amountCents });
        return;
      case 'account_updated':
        await this.developers.accountChanged(tx, event.account, event.payable);
    }
  }
}
