import { isId } from '@adiuva/kernel';
import { z } from 'zod';
import type { StripeEventHead } from '../payments/payment.port';

const Text = z.string().max(255);
const Reference = z
  .union([Text, z.object({ id: Text }).transform(({ id }) => id)])
  .nullish()
  .transform((id) => id ?? null);
const Cents = z.number().int().nonnegative();
/** Sales are in euro only; money of another currency belongs to another product of the Stripe account. */
const Euro = z.literal('eur').nullish();
const Metadata = z.record(z.string(), z.unknown()).nullish();

/** The purchase that an event is about, from the metadata that we wrote. */
interface PurchaseEvent {
  /** Null for a charge without a page. */
  readonly session: string | null;
  readonly payment: string | null;
  /** Our name of the purchase, from the metadata `reference`. */
  readonly reference: string | null;
  readonly userId: string | null;
  readonly customer: string | null;
  /** Null where the event does not tell. */
  readonly amountCents: number | null;
  /** The `labels` that the purchase was made with. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Events of single payments and developers' accounts. Amounts are cents. */
export type PaymentEvent =
  | ({ readonly kind: 'payment_completed' | 'payment_pending' | 'payment_failed' } & PurchaseEvent)
  | {
      readonly kind: 'refunded';
      readonly payment: string | null;
      /** All refunds of this charge together. */
      readonly refundedCents: number;
    }
  | {
      readonly kind: 'refund_failed';
      readonly refund: string;
      readonly payment: string | null;
      readonly amountCents: number;
    }
  | {
      readonly kind: 'dispute_changed';
      readonly dispute: string;
      readonly payment: string | null;
      readonly amountCents: number;
      /** Whether the bank holds the money after this event. */
      readonly withdrawn: boolean;
      /** Order of events of the same second. */
      readonly precedence: number;
    }
  | { readonly kind: 'account_updated'; readonly account: string; readonly payable: boolean };

const Session = z.object({
  id: Text,
  mode: z.string().nullish(),
  payment_intent: Reference,
  payment_status: z.string().nullish(),
  amount_total: Cents.nullish(),
  currency: Euro,
  customer: Reference,
  client_reference_id: z.string().nullish(),
  metadata: Metadata,
});
const PaymentIntent = z.object({
  id: Text,
  status: z.literal('succeeded'),
  amount_received: Cents,
  currency: Euro,
  customer: Reference,
  metadata: Metadata,
});
const Charge = z.object({ payment_intent: Reference, amount_refunded: Cents, currency: Euro });
const Refund = z.object({
  id: Text,
  payment_intent: Reference,
  amount: Cents,
  currency: Euro,
  status: z.enum(['failed', 'canceled']),
});
const Dispute = z.object({
  id: Text,
  payment_intent: Reference,
  amount: Cents,
  currency: Euro,
  status: z.string().nullish(),
});
const Account = z.object({
  id: Text,
  payouts_enabled: z.boolean().nullish(),
  capabilities: z.record(z.string(), z.string()).nullish(),
});

/** In the order in which Stripe sends them within one second. */
const DISPUTE_EVENTS = ['created', 'updated', 'funds_withdrawn', 'funds_reinstated', 'closed'] as const;
/** An inquiry withdraws nothing, a won or prevented dispute gives everything back. */
const NOT_WITHDRAWN = /^(?:warning_.+|won|prevented)$/;

/** Null where the event is none of these, cannot be read, or comes from a connected account that tells of more than itself. */
export function toPaymentEvent(event: StripeEventHead): PaymentEvent | null {
  if (event.type === 'account.updated') return accountUpdated(event);
  if (event.account !== null) return null;
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.async_payment_failed':
      return sessionChanged(event);
    case 'payment_intent.succeeded':
      return read(PaymentIntent, event.object, ({ id, amount_received, customer, metadata }) => {
        const about = { ...purchaseIn(metadata), session: null, payment: id, customer, amountCents: amount_received };
        return { kind: 'payment_completed', ...about };
      });
    case 'charge.refunded':
      return read(Charge, event.object, ({ payment_intent, amount_refunded }) => {
        return { kind: 'refunded', payment: payment_intent, refundedCents: amount_refunded };
      });
    case 'refund.failed':
    case 'refund.updated':
    case 'charge.refund.updated':
      return read(Refund, event.object, ({ id, payment_intent, amount }) => {
        return { kind: 'refund_failed', refund: id, payment: payment_intent, amountCents: amount };
      });
    default:
      return disputeChanged(event);
  }
}

/** A page is complete before a slow payment method such as SEPA has paid; only `payment_status` tells whether it has. */
function sessionChanged({ type, object }: StripeEventHead): PaymentEvent | null {
  return read(Session, object, (session) => {
    if (session.mode !== 'payment') return null;
    const { id, payment_intent, customer, metadata, client_reference_id, amount_total } = session;
    const { reference, userId, labels } = purchaseIn(metadata, client_reference_id);
    const about = {
      session: id,
      payment: payment_intent,
      reference,
      userId,
      customer,
      amountCents: amount_total ?? null,
      labels,
    };
    if (session.payment_status !== 'unpaid') return { kind: 'payment_completed', ...about };
    return { kind: type.endsWith('_failed') ? 'payment_failed' : 'payment_pending', ...about };
  });
}

function disputeChanged({ type, object }: StripeEventHead): PaymentEvent | null {
  const precedence = DISPUTE_EVENTS.findIndex((name) => type === `charge.dispute.${name}`);
  if (precedence < 0) return null;
  return read(Dispute, object, ({ id, payment_intent, amount, status }) => {
    const byStatus = !NOT_WITHDRAWN.test(status ?? '');
    const withdrawn = type.endsWith('.funds_withdrawn') || (byStatus && !type.endsWith('.funds_reinstated'));
    const about = { dispute: id, payment: payment_intent, amountCents: amount };
    return { kind: 'dispute_changed', ...about, withdrawn, precedence };
  });
}

/** A connected account may tell of itself only. */
function accountUpdated(event: StripeEventHead): PaymentEvent | null {
  return read(Account, event.object, (account) => {
    if (event.account !== null && event.account !== account.id) return null;
    const payable = account.payouts_enabled === true && (account.capabilities?.['transfers'] ?? 'active') === 'active';
    return { kind: 'account_updated', account: account.id, payable };
  });
}

function purchaseIn(metadata: z.infer<typeof Metadata>, clientReference?: string | null) {
  const { reference, user_id } = metadata ?? {};
  const userId = typeof user_id === 'string' ? user_id : (clientReference ?? '');
  const texts = Object.entries(metadata ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    reference: typeof reference === 'string' ? reference : null,
    userId: isId(userId) ? userId : null,
    labels: Object.fromEntries(texts),
  };
}

function read<T>(shape: z.ZodType<T>, object: unknown, then: (value: T) => PaymentEvent | null): PaymentEvent | null {
  const parsed = shape.safeParse(object);
  return parsed.success ? then(parsed.data) : null;
}
