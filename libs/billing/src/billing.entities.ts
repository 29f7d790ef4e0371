import { EntitlementRow } from './entitlements/entitlement.entity';
import { TeamSeatRow } from './entitlements/team-seat.entity';
import { TierChangeRow } from './entitlements/tier-change.entity';
import { BillingDriftRow } from './subscriptions/billing-drift.entity';
import { OpenCheckoutRow } from './subscriptions/open-checkout.entity';
import { StripeCustomerRow } from './subscriptions/stripe-customer.entity';
import { SubscriptionRow } from './subscriptions/subscription.entity';
import { EventCatchUpRow } from './webhook/event-catch-up.entity';
import { StripeEventRow } from './webhook/stripe-event.entity';

export const BILLING_ENTITIES = [
  EntitlementRow,
  TeamSeatRow,
  SubscriptionRow,
  StripeEventRow,
  EventCatchUpRow,
  StripeCustomerRow,
  OpenCheckoutRow,
  TierChangeRow,
  BillingDriftRow,
] as const;
