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

  /** A Stripe event's id, or a cause of our own. */
  @Column('text')
  cause!: string;

  /** Not the start of the transaction: changes of one user wait for each other, so this is their order. */
  @Column('timestamptz', { default: () => 'clock_timestamp()' })
  at!: Date;
}
