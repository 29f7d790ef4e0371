import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { SubscriptionState } from '../state/subscription-state';
import type { SubscriptionView } from '../state/subscription-view';

/** One subscription at Stripe: the state reduced from its events, and the view of it. */
@Entity('subscriptions')
export class SubscriptionRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'subscriptions_pk' })
  id!: string;

  /** Null while the owner is unknown. */
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

  /** Counts the writes, so that an answer of Stripe to an older request is detected. */
  @Column('integer', { default: 0 })
  version!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
