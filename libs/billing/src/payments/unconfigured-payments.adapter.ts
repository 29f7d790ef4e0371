import { Problem } from '@adiuva/kernel';
import { MarketplacePayments, SubscriptionPayments } from './payment.port';

function refuse(): never {
  throw new Problem('not_configured', { detail: 'STRIPE_SECRET_KEY is not set' });
}

/** Without a key every call throws `not_configured`. */
export class UnconfiguredSubscriptionPayments extends SubscriptionPayments {
  readonly configured = false;
  readonly openCheckout = async () => refuse();
  readonly closeCheckout = async () => refuse();
  readonly openPortal = async () => refuse();
  readonly subscription = async () => refuse();
  readonly cancelAtPeriodEnd = async () => refuse();
  readonly userOfCustomer = async () => refuse();
  readonly eraseCustomer = async () => refuse();

  subscriptions(): AsyncIterable<never> {
    return refuse();
  }

  events(): AsyncIterable<never> {
    return refuse();
  }
}

export class UnconfiguredMarketplacePayments extends MarketplacePayments {
  readonly configured = false;
  readonly hasCard = async () => refuse();
  readonly charge = async () => refuse();
  readonly openPayment = async () => refuse();
  readonly closePayment = async () => refuse();
  readonly paymentFor = async () => refuse();
  readonly refund = async () => refuse();
  readonly createAccount = async () => refuse();
  readonly onboardingUrl = async () => refuse();
  readonly isPayable = async () => refuse();
  readonly transfer = async () => refuse();
  readonly transferFor = async () => refuse();
}
