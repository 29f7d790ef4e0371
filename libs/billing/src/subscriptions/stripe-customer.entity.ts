import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The user of a customer at Stripe; null while unknown. */
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
