export { BillingConfig, PAID_TIERS, type PaidTier } from './billing.config';
export { BillingErasure } from './billing.erasure';
export { BillingModule } from './billing.module';
export { Billing, type SubscriptionSummary } from './billing.service';
export { BILLING_ENTITIES } from './billing.entities';
export { ENTITLEMENT_CHANGED, Entitlements } from './entitlements/entitlements.service';
export { TeamSeats } from './entitlements/team-seats.service';
export { checkStripeSetup } from './stripe/setup-check.adapter';
export type { PaymentEvent } from './stripe/payment-events';
export { MarketplacePayments, type MadeTransfer, type PaymentPage } from './payments/payment.port';
export { returnPages } from './payments/return-pages';
export { Reconciliation } from './subscriptions/reconciliation.service';
export { BILLING_NOTICE } from './subscriptions/subscription-job-kinds';
export { SubscriptionRefresh } from './subscriptions/subscription-refresh.service';
export { EventCatchUp } from './webhook/event-catch-up.service';
export { StripeWebhooks } from './webhook/stripe-webhooks.service';
export { BillingJobs } from './billing.jobs';
export { STATUSES } from './state/subscription-status';
export { DeadJobs } from './administration/dead-jobs.service';
export {
  UserAdministration,
  type ManagedUser,
  type UserChange,
  type UserCounts,
} from './administration/user-administration.service';
