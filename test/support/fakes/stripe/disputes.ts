import type { DisputeStatus, StripeCharge, StripeDispute } from './objects';
import type { StripeWorld } from './world';

const EVIDENCE_DAYS = 20 * 86_400;

export interface NewDispute {
  /** The whole rest of the charge where not given. */
  readonly amount?: number;
  /** The bank only asks, and withdraws nothing. */
  readonly inquiry?: boolean;
  readonly reason?: string;
}

/** The payer's bank takes money back, or asks about the charge: https://docs.stripe.com/disputes/how-disputes-work. */
export function dispute(world: StripeWorld, charge: StripeCharge, more: NewDispute = {}): StripeDispute {
  const inquiry = more.inquiry ?? false;
  const made = world.disputes.add({
    ...world.base('du', 'dispute'),
    amount: more.amount ?? charge.amount - charge.amount_refunded,
    currency: charge.currency,
    charge: charge.id,
    payment_intent: charge.payment_intent,
    reason: more.reason ?? 'fraudulent',
    status: inquiry ? 'warning_needs_response' : 'needs_response',
    balance_transactions: [],
    evidence_details: {
      due_by: world.now() + EVIDENCE_DAYS,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: inquiry,
    metadata: {},
  });
  charge.disputed = true;
  if (!inquiry) move(world, made, -made.amount);
  world.emit('charge.dispute.created', made);
  if (!inquiry) world.emit('charge.dispute.funds_withdrawn', made);
  return made;
}

/** Evidence was sent, or an inquiry becomes a dispute, which withdraws the money now. */
export function updateDispute(world: StripeWorld, open: StripeDispute, status: DisputeStatus): void {
  const escalated = open.status.startsWith('warning_') && !status.startsWith('warning_');
  Object.assign(open, { status, is_charge_refundable: status.startsWith('warning_') });
  if (escalated) move(world, open, -open.amount);
  world.emit('charge.dispute.updated', open);
  if (escalated) world.emit('charge.dispute.funds_withdrawn', open);
}

/** The bank decides. A won dispute gives the money back. */
export function closeDispute(
  world: StripeWorld,
  open: StripeDispute,
  status: Extract<DisputeStatus, 'won' | 'lost' | 'warning_closed'>,
): void {
  open.status = status;
  if (status === 'won') move(world, open, open.amount);
  world.emit('charge.dispute.closed', open);
  if (status === 'won') world.emit('charge.dispute.funds_reinstated', open);
}

function move(world: StripeWorld, { balance_transactions, currency }: StripeDispute, amount: number): void {
  const id = world.id('txn');
  balance_transactions.push({ id, object: 'balance_transaction', amount, currency, type: 'adjustment' });
}
