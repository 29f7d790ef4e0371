import { Injectable } from '@nestjs/common';
import { StripeWebhooks, type PaymentEvent } from '@adiuva/billing';
import type { Tx } from '@adiuva/platform';
import { Developers } from './developers.service';
import { purchaseIn } from './purchase';
import type { ReturnUpdate } from './returns';
import { SalesLedger } from './sales-ledger.service';

type AccountEvent = Extract<PaymentEvent, { kind: 'account_updated' }>;
type PageEvent = Extract<PaymentEvent, { session: string | null }>;
type ReturnEvent = Exclude<PaymentEvent, AccountEvent | PageEvent>;

/** Applies events of sales and developers' accounts, in the transaction of the event. */
@Injectable()
export class PaymentEventListener {
  constructor(
    webhooks: StripeWebhooks,
    private readonly ledger: SalesLedger,
    private readonly developers: Developers,
  ) {
    webhooks.onPayment((tx, event, at) => this.apply(tx, event, at));
  }

  private async apply(tx: Tx, event: PaymentEvent, at: number): Promise<void> {
    if (event.kind === 'account_updated') return this.developers.accountChanged(tx, event.account, event.payable);
    if ('session' in event) return this.applyToPurchase(tx, event);
    if (event.payment !== null) await this.ledger.recordReturn(tx, event.payment, returnUpdate(event, at));
  }

  private async applyToPurchase(tx: Tx, event: PageEvent): Promise<void> {
    const { kind, reference, session, payment, amountCents, userId, labels } = event;
    const purchaseId = reference === null ? null : purchaseIn(reference);
    if (purchaseId === null) return;
    if (kind === 'payment_completed' && payment !== null) {
      await this.ledger.recover(tx, {
        ...{ id: purchaseId, userId, amountCents },
        ...{ pluginId: labels['plugin_id'], version: labels['version'] },
      });
      await this.ledger.recordPayment(tx, purchaseId, payment, amountCents);
    }
    if (kind === 'payment_pending' && session !== null) await this.ledger.recordPending(tx, purchaseId, session);
    if (kind === 'payment_failed' && session !== null) await this.ledger.recordFailure(tx, purchaseId, session);
  }
}

function returnUpdate(event: ReturnEvent, at: number): ReturnUpdate {
  switch (event.kind) {
    case 'refunded':
      return { kind: 'refund', at, cents: event.refundedCents };
    case 'refund_failed':
      return { kind: 'refund_failed', refund: event.refund, at, cents: event.amountCents };
    case 'dispute_changed': {
      const { dispute, precedence, withdrawn, amountCents } = event;
      return { kind: 'dispute', dispute, at, precedence, withdrawn, cents: amountCents };
    }
  }
}
