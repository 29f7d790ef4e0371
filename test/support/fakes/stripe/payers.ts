import { cardOf, newCustomer } from './payer-cards';
import { closeDispute, dispute, updateDispute, type NewDispute } from './disputes';
import { failRefund, refund } from './refund-routes';
import { onboard } from './connect-routes';
import type * as Stripe from './objects';
import { succeed } from './payment-routes';
import { decideSlowPayment, startSlowPayment } from './slow-payments';
import {
  endSubscription,
  failInvoice,
  MONTH,
  openInvoice,
  payInvoice,
  setStatus,
  startSubscription,
} from './subscription-life';
import { setEnding } from './subscription-routes';
import type { StripeWorld } from './world';

/** What people, banks and time do outside of the API: pay on Stripe's page, let a card expire, dispute, finish onboarding. */
export class Payers {
  constructor(private readonly world: StripeWorld) {}

  /** Pays an open checkout session, leaving a card on file. */
  complete(sessionId: string): Stripe.StripeSession {
    const { world } = this;
    const session = world.sessions.get(sessionId);
    if (session.status !== 'open') throw new Error(`the session is ${session.status}`);
    session.customer ??= newCustomer(world).id;
    const card = cardOf(world, session.customer);
    const lines = world.carts.get(session.id) ?? [];
    const [first] = lines;
    if (session.mode === 'subscription' && first) {
      const { price, quantity, metadata } = first;
      session.subscription = startSubscription(world, { customer: session.customer, price, quantity, metadata }).id;
    }
    if (session.mode === 'payment') {
      const intent = this.intentOf(session, card, first?.metadata ?? {});
      session.payment_intent = intent.id;
      succeed(world, intent);
    }
    Object.assign(session, {
      status: 'complete',
      url: null,
      payment_status: session.mode === 'setup' ? 'no_payment_required' : 'paid',
    });
    world.emit('checkout.session.completed', session);
    return session;
  }

  /** A month passes for this subscription and its card pays, or does not. */
  renew(id: string, outcome: 'paid' | 'failed'): Stripe.StripeInvoice {
    const subscription = this.world.subscriptions.get(id);
    for (const item of subscription.items.data) {
      item.current_period_start = item.current_period_end;
      item.current_period_end += MONTH;
    }
    const invoice = openInvoice(this.world, subscription, 'subscription_cycle');
    if (outcome === 'paid') {
      setStatus(this.world, subscription, subscription.status);
      payInvoice(this.world, invoice, subscription);
    } else failInvoice(this.world, invoice, subscription);
    return invoice;
  }

  /** Stripe tries the open invoice of a subscription again. */
  retry(id: string, outcome: 'paid' | 'failed'): void {
    const subscription = this.world.subscriptions.get(id);
    const invoice = this.world.invoices.get(subscription.latest_invoice ?? '');
    if (outcome === 'paid') payInvoice(this.world, invoice, subscription);
    else failInvoice(this.world, invoice, subscription);
  }

  /** In the portal, or at the end of Stripe's own dunning. */
  end(id: string): void {
    endSubscription(this.world, this.world.subscriptions.get(id));
  }

  endLater(id: string, ending = true): void {
    const subscription = this.world.subscriptions.get(id);
    const previous = { cancel_at_period_end: subscription.cancel_at_period_end };
    setEnding(this.world, subscription, ending);
    this.world.emit('customer.subscription.updated', subscription, { previous });
  }

  changePlan(id: string, price: Stripe.StripePrice, quantity = 1): void {
    const subscription = this.world.subscriptions.get(id);
    for (const item of subscription.items.data) Object.assign(item, { price, quantity });
    this.world.emit('customer.subscription.updated', subscription);
  }

  onboard(accountId: string): void {
    onboard(this.world, this.world.accounts.get(accountId));
  }

  refund(chargeId: string, amount?: number): Stripe.StripeRefund {
    const charge = this.world.charges.get(chargeId);
    return refund(this.world, charge, amount ?? charge.amount - charge.amount_refunded, 'requested_by_customer');
  }

  failRefund(refundId: string): void {
    failRefund(this.world, this.world.refunds.get(refundId));
  }

  dispute(chargeId: string, more: NewDispute = {}): Stripe.StripeDispute {
    return dispute(this.world, this.world.charges.get(chargeId), more);
  }

  updateDispute(disputeId: string, status: Stripe.DisputeStatus): void {
    updateDispute(this.world, this.world.disputes.get(disputeId), status);
  }

  closeDispute(disputeId: string, status: 'won' | 'lost' | 'warning_closed'): void {
    closeDispute(this.world, this.world.disputes.get(disputeId), status);
  }

  /** Completes a page by a method whose bank decides days later, such as SEPA; returns its decision. */
  completeSlowly(sessionId: string): (outcome: 'paid' | 'failed') => void {
    const { world } = this;
    const session = world.sessions.get(sessionId);
    session.customer ??= newCustomer(world).id;
    const metadata = world.carts.get(session.id)?.[0]?.metadata ?? {};
    const intent = this.intentOf(session, world.id('pm'), metadata);
    startSlowPayment(world, session, intent);
    return (outcome) => decideSlowPayment(world, session, intent, outcome);
  }

  private intentOf(session: Stripe.StripeSession, card: string, metadata: Stripe.Metadata): Stripe.StripePaymentIntent {
    return this.world.paymentIntents.add({
      ...this.world.base('pi', 'payment_intent'),
      amount: session.amount_total ?? 0,
      amount_received: 0,
      currency: session.currency ?? 'eur',
      customer: session.customer,
      payment_method: card,
      status: 'requires_confirmation',
      latest_charge: null,
      transfer_group: null,
      description: null,
      last_payment_error: null,
      metadata: { ...metadata },
    });
  }
}
