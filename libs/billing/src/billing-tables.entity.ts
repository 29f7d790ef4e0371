import { EntitlementRow } from './entitlement.entity';
import { OpenCheckoutRow, StripeCustomerRow, StripeEventRow, SubscriptionRow } from './subscription.entity';
import { BillingDriftRow, TierChangeRow } from './tier-change.entity';

export const BILLING_TABLES = [
  EntitlementRow,
  SubscriptionRow,
  StripeEventRow,
  StripeCustomerRow,
  OpenCheckoutRow,
  TierChangeRow,
  BillingDriftRow,
] as const;
