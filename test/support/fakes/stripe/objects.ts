/** Stripe's objects, as far as the double has them, in the shapes of API version 2026-10-28. */
interface Stored<Kind extends string> {
  id: string;
  object: Kind;
  created: number;
  livemode: false;
}

export type Metadata = Record<string, string>;

export interface StripeCustomer extends Stored<'customer'> {
  email: string | null;
  name: string | null;
  metadata: Metadata;
  invoice_settings: { default_payment_method: string | null };
  deleted?: true;
}

export interface StripePrice extends Stored<'price'> {
  active: boolean;
  currency: string;
  unit_amount: number;
  type: 'recurring' | 'one_time';
  recurring: { interval: 'month'; interval_count: 1 } | null;
  product: string;
  lookup_key: string | null;
  metadata: Metadata;
}

export interface StripeSession extends Stored<'checkout.session'> {
  mode: 'subscription' | 'payment' | 'setup';
  status: 'open' | 'complete' | 'expired';
  payment_status: 'unpaid' | 'paid' | 'no_payment_required';
  url: string | null;
  success_url: string;
  cancel_url: string | null;
  client_reference_id: string | null;
  customer: string | null;
  customer_details: { email: string | null } | null;
  subscription: string | null;
  payment_intent: string | null;
  setup_intent: string | null;
  amount_total: number | null;
  currency: string | null;
  expires_at: number;
  metadata: Metadata;
}

export type SubscriptionStatus =
  'incomplete' | 'incomplete_expired' | 'trialing' | 'active' | 'past_due' | 'unpaid' | 'canceled' | 'paused';

export interface StripeSubscriptionItem {
  id: string;
  object: 'subscription_item';
  price: StripePrice;
  quantity: number;
  current_period_start: number;
  current_period_end: number;
}

export interface StripeSubscription extends Stored<'subscription'> {
  customer: string;
  status: SubscriptionStatus;
  items: { object: 'list'; data: StripeSubscriptionItem[]; has_more: false };
  cancel_at_period_end: boolean;
  cancel_at: number | null;
  canceled_at: number | null;
  ended_at: number | null;
  latest_invoice: string | null;
  metadata: Metadata;
}

export interface StripeInvoice extends Stored<'invoice'> {
  customer: string;
  status: 'open' | 'paid' | 'uncollectible' | 'void';
  amount_due: number;
  amount_paid: number;
  currency: string;
  attempt_count: number;
  billing_reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  parent: { type: 'subscription_details'; subscription_details: { subscription: string; metadata: Metadata } };
}

export interface StripePaymentMethod extends Stored<'payment_method'> {
  type: 'card';
  customer: string | null;
  card: { brand: string; last4: string; exp_month: number; exp_year: number };
  /** What the bank answers when it is charged. */
  behaviour: 'good' | 'declined' | 'insufficient_funds' | 'needs_authentication';
}

export interface StripePaymentIntent extends Stored<'payment_intent'> {
  amount: number;
  amount_received: number;
  currency: string;
  customer: string | null;
  payment_method: string | null;
  status:
    'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'processing' | 'succeeded' | 'canceled';
  latest_charge: string | null;
  transfer_group: string | null;
  description: string | null;
  last_payment_error: { code: string; decline_code?: string } | null;
  metadata: Metadata;
}

export interface StripeCharge extends Stored<'charge'> {
  amount: number;
  amount_refunded: number;
  currency: string;
  customer: string | null;
  payment_intent: string;
  payment_method: string | null;
  paid: boolean;
  refunded: boolean;
  disputed: boolean;
  status: 'succeeded' | 'pending' | 'failed';
  transfer_group: string | null;
  metadata: Metadata;
}

export interface StripeRefund extends Stored<'refund'> {
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  reason: string | null;
  status: 'pending' | 'requires_action' | 'succeeded' | 'failed' | 'canceled';
  failure_reason?: string;
  metadata: Metadata;
}

export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'
  | 'prevented';

export interface StripeDispute extends Stored<'dispute'> {
  amount: number;
  currency: string;
  charge: string;
  payment_intent: string;
  reason: string;
  status: DisputeStatus;
  /** What was withdrawn (negative) and reinstated (positive). */
  balance_transactions: {
    id: string;
    object: 'balance_transaction';
    amount: number;
    currency: string;
    type: 'adjustment';
  }[];
  evidence_details: { due_by: number | null; has_evidence: boolean; past_due: boolean; submission_count: number };
  is_charge_refundable: boolean;
  metadata: Metadata;
}

export interface StripeAccount extends Stored<'account'> {
  type: 'express' | 'standard' | 'custom' | 'none';
  country: string;
  email: string | null;
  business_type: string | null;
  charges_enabled: boolean;
  payouts_enabled: boolean;
  details_submitted: boolean;
  capabilities: Record<string, 'active' | 'inactive' | 'pending'>;
  requirements: { currently_due: string[]; disabled_reason: string | null };
  metadata: Metadata;
  deleted?: true;
}

export interface StripeReversal extends Stored<'transfer_reversal'> {
  amount: number;
  currency: string;
  transfer: string;
  metadata: Metadata;
}

export interface StripeTransfer extends Stored<'transfer'> {
  amount: number;
  amount_reversed: number;
  currency: string;
  destination: string;
  description: string | null;
  reversed: boolean;
  source_transaction: string | null;
  transfer_group: string | null;
  reversals: { object: 'list'; data: StripeReversal[]; has_more: false; total_count: number };
  metadata: Metadata;
}

export interface StripeEvent extends Stored<'event'> {
  api_version: string;
  type: string;
  account?: string;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  data: { object: object; previous_attributes?: object };
}

export interface StripeWebhookEndpoint extends Stored<'webhook_endpoint'> {
  url: string;
  enabled_events: string[];
  status: 'enabled' | 'disabled';
  api_version: string | null;
  application: string | null;
}

export interface StripePortal extends Stored<'billing_portal.configuration'> {
  active: boolean;
  is_default: boolean;
  features: {
    payment_method_update: { enabled: boolean };
    subscription_cancel: { enabled: boolean; mode: 'at_period_end' | 'immediately' };
    subscription_update: {
      enabled: boolean;
      default_allowed_updates: ('price' | 'quantity' | 'promotion_code')[];
      products: { product: string; prices: string[] }[];
    };
  };
}

/** What is set up in the dashboard. */
export interface StripeSetup {
  account: { id: string; object: 'account'; charges_enabled: boolean; details_submitted: boolean };
  connect: boolean;
  endpoints: StripeWebhookEndpoint[];
  portals: StripePortal[];
}
