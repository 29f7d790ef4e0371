import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** An author. Outlives the account without naming it, because its sales must still be paid. */
@Entity('plugin_developers')
export class DeveloperRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_developers_pk' })
  id!: string;

  @Index('plugin_developers_user', { unique: true })
  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Index('plugin_developers_account', { unique: true })
  @Column('text', { nullable: true })
  account_id!: string | null;

  /** As of Stripe's last event; a payout asks again. */
  @Column('boolean', { default: false })
  payouts_enabled!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
