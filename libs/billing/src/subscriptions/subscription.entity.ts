import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SubscriptionState } from '../state/subscription-state';
import type { SubscriptionView } from '../state/subscription-view';

/** One subscription at Stripe: all that was claimed about it, and what that comes to. */
@Entity('subscriptions')
export class SubscriptionRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'subscriptions_pk' })
  id!: string;

  /** Null while nobody knows whose it is. */
  @Index('subscriptions_of_user')
  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Index('subscriptions_of_customer')
  @Column('text', { nullable: true })
  customer!: string | null;

  @Column('jsonb')
  claims!: SubscriptionState;

  @Column('jsonb')
  view!: SubscriptionView;

  @Column('boolean', { default: false })
  ended!: boolean;

  /** Counts the changes, so that an answer of Stripe to an older question is noticed. */
  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}

/** Every event of Stripe that has had its effect. */
@Entity('stripe_events')
export class StripeEventRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'stripe_events_pk' })
  id!: string;

  @Column('text')
  type!: string;

  @Index('stripe_events_received')
  @Column('timestamptz', { default: () => 'now()' })
  received_at!: Date;
}

/** Which user a customer at Stripe is; null while nobody knows. */
@Entity('stripe_customers')
export class StripeCustomerRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'stripe_customers_pk' })
  id!: string;

  @Index('stripe_customers_of_user')
  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}

/** The one page of a user on which something can still be bought. */
@Entity('open_checkouts')
export class OpenCheckoutRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'open_checkouts_pk' })
  user_id!: string;

  @Column('text')
  session!: string;

  @Column('timestamptz', { default: () => 'now()' })
  opened_at!: Date;
}
