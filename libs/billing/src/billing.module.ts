import { Module } from '@nestjs/common';
import { Clock } from '@adiuva/kernel';
import { AuthModule } from '@adiuva/auth';
import { provideSettings } from '@adiuva/config';
import { BillingConfig } from './billing.config';
import { BillingErasure } from './billing.erasure';
import { BillingJobs } from './billing.jobs';
import { BillingMetrics } from './billing.metrics';
import { Billing } from './billing.service';
import { DeadJobs } from './administration/dead-jobs.service';
import { UserAdministration } from './administration/user-administration.service';
import { Entitlements } from './entitlements/entitlements.service';
import { TeamSeats } from './entitlements/team-seats.service';
import { StripeMarketplace } from './stripe/marketplace.stripe.adapter';
import {
  UnconfiguredMarketplacePayments,
  UnconfiguredSubscriptionPayments,
} from './payments/unconfigured-payments.adapter';
import { MarketplacePayments, SubscriptionPayments } from './payments/payment.port';
import { Reconciliation } from './subscriptions/reconciliation.service';
import { SubscriptionRefresh } from './subscriptions/subscription-refresh.service';
import { StripeClient } from './stripe/stripe-client.adapter';
import { EventCatchUp } from './webhook/event-catch-up.service';
import { StripeWebhooks } from './webhook/stripe-webhooks.service';
import { SubscriptionWriter } from './subscriptions/subscription-writer.service';
import { StripeSubscriptions } from './stripe/subscriptions.stripe.adapter';

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

const SERVICES = [
  Billing,
  BillingErasure,
  BillingJobs,
  Entitlements,
  DeadJobs,
  EventCatchUp,
  Reconciliation,
  SubscriptionRefresh,
  StripeWebhooks,
  TeamSeats,
  UserAdministration,
];

@Module({
  imports: [AuthModule],
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
        client ? new StripeSubscriptions(client, clock) : new UnconfiguredSubscriptionPayments(),
      inject: [StripeConnection, Clock],
    },
    {
      provide: MarketplacePayments,
      useFactory: ({ client }: StripeConnection) =>
        client ? new StripeMarketplace(client) : new UnconfiguredMarketplacePayments(),
      inject: [StripeConnection],
    },
    SubscriptionWriter,
    BillingMetrics,
    ...SERVICES,
  ],
  exports: [BillingConfig, MarketplacePayments, ...SERVICES],
})
export class BillingModule {}
