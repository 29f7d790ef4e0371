import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Tier } from '@adiuva/kernel';

/** The audit log: every change of what a user is entitled to, and why. Rows are only added. */
@Entity('tier_changes')
export class TierChangeRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'tier_changes_pk' })
  id!: string;

  @Index('tier_changes_of_user')
  @Column('uuid')
  user_id!: string;

  @Column('text')
  from_tier!: Tier;

  @Column('integer')
  from_seats!: number;

  @Column('text')
  to_tier!: Tier;

  @Column('integer')
  to_seats!: number;

  /** A Stripe event's id, or one of our own words. */
  @Column('text')
  cause!: string;

  /** Not the transaction's beginning: changes of one user wait for each other, so this is their order. */
  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;
}

/** Where our books and Stripe's differed, and whether that was mended. */
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
