import type { ReturnUrls } from './return-pages';
import type { PaidTier } from '../billing.config';
import type { Snapshot } from '../state/subscription-state';

/** A page on Stripe where a buyer pays; it expires after a day. */
export interface PaymentPage {
  readonly id: string;
  readonly url: string;
}

export interface SubscriptionOrder {
  readonly userId: string;
  /** The user's customer at Stripe; null makes a new one with the payment. */
  readonly customer: string | null;
  readonly tier: PaidTier;
  readonly price: string;
  readonly seats: number;
  readonly returnUrls: ReturnUrls;
}

/** A subscription as Stripe has it at this moment. */
export interface ReadSubscription {
  readonly id: string;
  readonly customer: string | null;
  readonly userId: string | null;
  readonly snapshot: Snapshot;
}

/** The members that every event has. Times are seconds. */
export interface StripeEventHead {
  readonly id: string;
  readonly type: string;
  readonly created: number;
  /** The connected account that it comes from; null for the platform's own. */
  readonly account: string | null;
  readonly object: unknown;
}

/**
 * Selling subscriptions. Every method throws `not_configured` without a key, `unavailable` when Stripe is down, `upstream_timeout` when it is
 * silent, `upstream_failed` when it refuses the request.
 */
export abstract class SubscriptionPayments {
  /** Whether there is a key to ask Stripe with. */
  abstract readonly configured: boolean;

  abstract openCheckout(order: SubscriptionOrder): Promise<PaymentPage>;

  /** Expires the page; a page that is paid or gone is left alone. Resolves with the subscription of one that is paid, else with null. */
  abstract closeCheckout(session: string): Promise<string | null>;

  /** The page where a customer changes cards, plan and seats. Throws `not_found` for an unknown customer. */
  abstract openPortal(customer: string, returnUrl: string): Promise<string>;

  /** Null where Stripe knows no such subscription. */
  abstract subscription(id: string): Promise<ReadSubscription | null>;

  /** Every subscription that Stripe has, the ended ones too; newest first. */
  abstract subscriptions(): AsyncIterable<ReadSubscription>;

  /** The events of the types that have an effect here, of `since` and later; newest first. */
  abstract events(since: Date): AsyncIterable<StripeEventHead>;

  /** Throws `not_found`. */
  abstract cancelAtPeriodEnd(id: string): Promise<ReadSubscription>;

  /** The user that a customer was made for; null where Stripe does not know it. */
  abstract userOfCustomer(customer: string): Promise<string | null>;

  /** Deletes the customer and ends its subscriptions immediately. Idempotent. */
  abstract eraseCustomer(customer: string): Promise<void>;
}

/** A purchase with a card on file. `key` makes it happen once: the same key and amount within 24 h answer with the first outcome. */
export interface CardPurchase {
  readonly key: string;
  readonly customer: string;
  /** Whole cents of euro, 50 at least; less is `upstream_failed`. */
  readonly amountCents: number;
  /** Our name of the purchase; its events carry it. */
  readonly reference: string;
  readonly userId: string;
  /** One line for the payer. */
  readonly description: string;
  /** What else its events carry, so that a database which does not know the purchase can be told. */
  readonly labels: Readonly<Record<string, string>>;
}

export type ChargeOutcome =
  | { readonly status: 'paid'; readonly payment: string }
  /** No card, a declined card, or one that needs authentication: the buyer must pay on a page. */
  | { readonly status: 'needs_payer'; readonly reason: 'no_card' | 'declined' | 'authentication' };

export interface PagePurchase extends Omit<CardPurchase, 'customer'> {
  readonly customer: string | null;
  readonly returnUrls: ReturnUrls;
}

/** How a page ended. */
export type ClosedPage = 'unpaid' | 'processing' | 'paid';

export interface Transfer {
  readonly key: string;
  readonly account: string;
  readonly amountCents: number;
  readonly reference: string;
}

export interface MadeTransfer {
  readonly id: string;
  readonly amountCents: number;
}

/**
 * Single payments and what developers get of them, in euro. Fails as `SubscriptionPayments` does. Every method with a `key` may be repeated
 * with it for 24 h and acts once.
 */
export abstract class MarketplacePayments {
  abstract readonly configured: boolean;

  abstract hasCard(customer: string): Promise<boolean>;

  abstract charge(purchase: CardPurchase): Promise<ChargeOutcome>;

  /** A page where one purchase is paid and the card is left on file for the next. */
  abstract openPayment(purchase: PagePurchase): Promise<PaymentPage>;

  /** Expires the page, so that it takes no payment any more. A paid page stays paid; a bank may process a payment for days (SEPA). */
  abstract closePayment(session: string): Promise<ClosedPage>;

  /** The payment that has succeeded under a reference, by card or on the page `session`; null when none has. Not limited to 24 h. */
  abstract paymentFor(reference: string, session: string | null): Promise<string | null>;

  /** Refunds all that is left, or `amountCents`. Idempotent. Returns when Stripe made the refund (seconds on its clock); null where all was refunded before. @throws `conflict` during a dispute */
  abstract refund(key: string, payment: string, amountCents?: number): Promise<number | null>;

  abstract createAccount(userId: string): Promise<string>;

  /** A page, valid for minutes, where a developer enters identity and bank account. */
  abstract onboardingUrl(account: string, returnUrls: ReturnUrls): Promise<string>;

  /** Whether transfers reach it. */
  abstract isPayable(account: string): Promise<boolean>;

  /** The transfer's id. Throws `conflict` when the account cannot be paid yet, `unavailable` when our own balance is short. */
  abstract transfer(transfer: Transfer): Promise<string>;

  /** The transfer that was made under a reference, or null. Not limited to 24 h. */
  abstract transferFor(reference: string): Promise<MadeTransfer | null>;
}
