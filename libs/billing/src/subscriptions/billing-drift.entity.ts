import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A difference between our subscriptions and Stripe's, and whether it was repaired. */
@Entity('billing_drifts')
export class BillingDriftRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'billing_drifts_pk' })
  id!: string;

  @Column('text')
  kind!: string;

  @Column('text', { nullable: true })
  subscription!: string | null;

  @Index('billing_drifts_of_user')
  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Column('text')
  ours!: string;

  @Column('text')
  theirs!: string;

  @Column('boolean')
  mended!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  found_at!: Date;
}
