import { isId } from '@adiuva/kernel';
import { z } from 'zod';
import type { StripeEventHead } from './stripe-event';

const Text = z.string().max(255);
const Reference = z
  .union([Text, z.object({ id: Text }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? null);
const Cents = z.number().int().nonnegative();

/** What Stripe says about single payments and developers' accounts. Amounts are cents; cumulative where said so, so that order does not matter. */
export type PaymentEvent =
  | {
      readonly kind: 'payment_completed';
      readonly session: string;
      readonly payment: string | null;
      /** Our own word for the purchase, from the metadata `reference`. */
      readonly reference: string | null;
      readonly userId: string | null;
      readonly customer: string | null;
    }
  | {
      readonly kind: 'refunded';
      readonly charge: string;
      readonly payment: string | null;
      readonly amountCents: number;
      /** All refunds of this charge together. */
      readonly refundedCents: number;
    }
  | {
      readonly kind: 'disputed';
      readonly dispute: string;
      readonly charge: string | null;
      readonly payment: string | null;
      readonly amountCents: number;
    }
  | {
      readonly kind: 'account_updated';
      readonly account: string;
      readonly payable: boolean;
      readonly complete: boolean;
    };

const Session = z.object({
  id: Text,
  mode: z.string().nullish(),
  payment_intent: Reference,
  payment_status: z.string().nullish(),
  customer: Reference,
  client_reference_id: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
const Charge = z.object({ id: Text, payment_intent: Reference, amount: Cents, amount_refunded: Cents });
const Dispute = z.object({ id: Text, charge: Reference, payment_intent: Reference, amount: Cents });
const Account = z.object({
  id: Text,
  payouts_enabled: z.boolean().nullish(),
  details_submitted: z.boolean().nullish(),
  capabilities: z.record(z.string(), z.string()).nullish(),
});

/** Null where the event is none of these, or cannot be read. */
export function toPaymentEvent(event: StripeEventHead): PaymentEvent | null {
  switch (event.type) {
    case 'checkout.session.completed':
      return completed(event.object);
    case 'charge.refunded':
      return read(Charge, event.object, (charge) => ({
        kind: 'refunded',
        charge: charge.id,
        payment: charge.payment_intent,
        amountCents: charge.amount,
        refundedCents: charge.amount_refunded,
      }));
    case 'charge.dispute.created':
      return read(Dispute, event.object, ({ id, charge, payment_intent, amount }) => {
        return { kind: 'disputed', dispute: id, charge, payment: payment_intent, amountCents: amount };
      });
    case 'account.updated':
      return accountUpdated(event);
    default:
      return null;
  }
}

function completed(object: unknown): PaymentEvent | null {
  return read(Session, object, (session) => {
    if (session.mode !== 'payment' || session.payment_status === 'unpaid') return null;
    const { reference, user_id } = session.metadata ?? {};
    const userId = typeof user_id === 'string' ? user_id : (session.client_reference_id ?? '');
    return {
      kind: 'payment_completed',
      session: session.id,
      payment: session.payment_intent,
      reference: typeof reference === 'string' ? reference : null,
      userId: isId(userId) ? userId : null,
      customer: session.customer,
    };
  });
}

/** A connected account may speak of itself only. */
function accountUpdated(event: StripeEventHead): PaymentEvent | null {
  return read(Account, event.object, (account) => {
    if (event.account !== null && event.account !== account.id) return null;
    const payable = account.payouts_enabled === true && (account.capabilities?.['transfers'] ?? 'active') === 'active';
    return { kind: 'account_updated', account: account.id, payable, complete: account.details_submitted === true };
  });
}

function read<T>(shape: z.ZodType<T>, object: unknown, then: (value: T) => PaymentEvent | null): PaymentEvent | null {
  const parsed = shape.safeParse(object);
  return parsed.success ? then(parsed.data) : null;
}
