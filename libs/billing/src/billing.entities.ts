import { EntitlementRow } from './entitlements/entitlement.entity';
import {
  OpenCheckoutRow,
  StripeCustomerRow,
  StripeEventRow,
  SubscriptionRow,
} from './subscriptions/subscription.entity';
import { BillingDriftRow, TierChangeRow } from './entitlements/tier-change.entity';

export const BILLING_ENTITIES = [
  EntitlementRow,
  SubscriptionRow,
  StripeEventRow,
  StripeCustomerRow,
  OpenCheckoutRow,
  TierChangeRow,
  BillingDriftRow,
] as const;
