import type { StripePaymentIntent, StripeSession } from './objects';
import { newCharge } from './payment-routes';
import type { StripeWorld } from './world';

/** A delayed payment method: the page is complete while the bank processes (https://docs.stripe.com/payments/checkout/fulfill-orders). */
export function startSlowPayment(world: StripeWorld, session: StripeSession, intent: StripePaymentIntent): void {
  const charge = world.charges.add(newCharge(world, intent, 'pending'));
  Object.assign(intent, { status: 'processing', latest_charge: charge.id });
  Object.assign(session, { status: 'complete', url: null, payment_status: 'unpaid', payment_intent: intent.id });
  world.emit('charge.pending', charge);
  world.emit('payment_intent.processing', intent);
  world.emit('checkout.session.completed', session);
}

export function decideSlowPayment(
  world: StripeWorld,
  session: StripeSession,
  intent: StripePaymentIntent,
  outcome: 'paid' | 'failed',
): void {
  const charge = world.charges.get(intent.latest_charge ?? '');
  if (outcome === 'paid') {
    Object.assign(charge, { status: 'succeeded', paid: true });
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
    session.payment_status = 'paid';
    world.emit('charge.succeeded', charge);
    world.emit('payment_intent.succeeded', intent);
    world.emit('checkout.session.async_payment_succeeded', session);
  } else {
    charge.status = 'failed';
    Object.assign(intent, {
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_payment_attempt_failed' },
    });
    world.emit('charge.failed', charge);
    world.emit('payment_intent.payment_failed', intent);
    world.emit('checkout.session.async_payment_failed', session);
  }
}
