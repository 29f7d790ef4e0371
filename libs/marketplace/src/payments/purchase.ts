import { isId } from '@adiuva/kernel';

/**
 * `intended`: stored before the card is charged. `awaiting_payment`: the buyer was sent to the checkout page. `refunding`: paid, but not
 * deliverable or paid twice, so the money goes back. `refunded`: all of the money went back.
 */
export const PURCHASE_STATES = ['intended', 'awaiting_payment', 'paid', 'failed', 'refunding', 'refunded'] as const;
export type PurchaseState = (typeof PURCHASE_STATES)[number];

export type PurchaseEvent =
  'sent_to_checkout' | 'retried' | 'abandoned' | 'paid' | 'undeliverable' | 'superseded' | 'refunded' | 'reinstated';

const TABLE: Readonly<Record<PurchaseState, Partial<Record<PurchaseEvent, PurchaseState>>>> = {
  intended: {
    sent_to_checkout: 'awaiting_payment',
    retried: 'intended',
    abandoned: 'failed',
    paid: 'paid',
    undeliverable: 'refunding',
  },
  awaiting_payment: { retried: 'intended', abandoned: 'failed', paid: 'paid', undeliverable: 'refunding' },
  // A payment that arrives late still buys what it was for.
  failed: { paid: 'paid', undeliverable: 'refunding' },
  paid: { superseded: 'refunding', refunded: 'refunded' },
  refunding: { refunded: 'refunded' },
  // A won dispute or a failed refund brings the money back.
  refunded: { reinstated: 'paid' },
};

/** The state that follows, or null where the event does not fit. */
export function nextPurchase(state: PurchaseState, event: PurchaseEvent): PurchaseState | null {
  return TABLE[state][event] ?? null;
}

const REFERENCE = 'plugin_';

/** How a purchase is named at the payment provider. */
export function referenceOf(purchaseId: string): string {
  return `${REFERENCE}${purchaseId}`;
}

/** The purchase that a reference names; null for a reference that is none of ours. */
export function purchaseIn(reference: string): string | null {
  const id = reference.slice(REFERENCE.length);
  return reference.startsWith(REFERENCE) && isId(id) ? id : null;
}
