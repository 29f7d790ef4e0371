import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

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
