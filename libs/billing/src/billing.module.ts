import { Module } from '@nestjs/common';
import { Clock } from '@adiuva/kernel';
import { provideSettings } from '@adiuva/config';
import { BillingConfig } from './billing.config';
import { BillingErasure } from './billing-erasure.service';
import { Billing } from './billing.service';
import { Entitlements } from './entitlements.service';
import { StripeMarketplace } from './marketplace.stripe.adapter';
import { NoMarketplacePayments, NoSubscriptionPayments } from './no-payments';
import { MarketplacePayments, SubscriptionPayments } from './payment.port';
import { QuickIntake } from './quick-intake.service';
import { Reconciliation } from './reconciliation.service';
import { Settling } from './settling.service';
import { SignedEvents } from './signed-events.service';
import { StripeClient } from './stripe-client.adapter';
import { StripeWebhooks } from './stripe-webhooks.service';
import { SubscriptionLedger } from './subscription-ledger.service';
import { StripeSubscriptions } from './subscriptions.stripe.adapter';

/** One breaker for both ports, because there is one Stripe. */
class StripeConnection {
  constructor(readonly client: StripeClient | null) {}

  static of({ STRIPE_SECRET_KEY, STRIPE_API_BASE, STRIPE_TIMEOUT_MS }: BillingConfig): StripeConnection {
    if (STRIPE_SECRET_KEY === undefined) return new StripeConnection(null);
    return new StripeConnection(
      new StripeClient({ secretKey: STRIPE_SECRET_KEY, apiBase: STRIPE_API_BASE, timeout: STRIPE_TIMEOUT_MS }),
    );
  }
}

const SERVICES = [Billing, BillingErasure, Entitlements, Reconciliation, Settling, StripeWebhooks];

@Module({
  providers: [
    provideSettings(BillingConfig),
    {
      provide: StripeConnection,
      useFactory: (config: BillingConfig) => StripeConnection.of(config),
      inject: [BillingConfig],
    },
    {
      provide: SubscriptionPayments,
      useFactory: ({ client }: StripeConnection, clock: Clock) =>
        client ? new StripeSubscriptions(client, clock) : new NoSubscriptionPayments(),
      inject: [StripeConnection, Clock],
    },
    {
      provide: MarketplacePayments,
      useFactory: ({ client }: StripeConnection) =>
        client ? new StripeMarketplace(client) : new NoMarketplacePayments(),
      inject: [StripeConnection],
    },
    SubscriptionLedger,
    QuickIntake,
    SignedEvents,
    ...SERVICES,
  ],
  exports: [BillingConfig, MarketplacePayments, ...SERVICES],
})
export class BillingModule {}
