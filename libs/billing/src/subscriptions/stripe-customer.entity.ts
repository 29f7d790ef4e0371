import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** The user of a customer at Stripe; null while unknown. */
@Entity('stripe_customers')
export class StripeCustomerRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'stripe_customers_pk' })
  id!: string;

  @Index('stripe_customers_of_user')
  @Column('uuid', { nullable: true })
  user_id!: string | null;

  /** When Stripe told that it was deleted there; nothing more can be bought as this customer. */
  @Column('timestamptz', { nullable: true })
  deleted_at!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
