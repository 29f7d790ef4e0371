import { Check, Column, Entity, Index, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { RevenueKind } from './revenue-lines';
import { DeveloperRow } from '../plugins/plugin.entity';
import type { PurchaseState } from './purchase';

/** A sale from before its charge to after its refund. Plugin and buyer may be gone, the books stay. */
@Entity('plugin_purchases')
@Index('plugin_purchases_open', { synchronize: false })
@Check('plugin_purchases_returned', 'returned_cents BETWEEN 0 AND price_cents')
export class PurchaseRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_purchases_pk' })
  id!: string;

  @Column('uuid', { nullable: true })
  user_id!: string | null;

  @Column('uuid')
  plugin_id!: string;

  @Column('uuid')
  developer_id!: string;

  @ManyToOne(() => DeveloperRow)
  @JoinColumn({ name: 'developer_id', foreignKeyConstraintName: 'plugin_purchases_developer' })
  developer?: DeveloperRow;

  /** The version that was asked for. */
  @Column('text')
  version!: string;

  @Column('integer')
  price_cents!: number;

  @Column('text')
  state!: PurchaseState;

  /** Grows when an attempt to charge has surely come to nothing. */
  @Column('integer', { default: 1 })
  attempt!: number;

  /** Until then one request works on this purchase, and the others wait. */
  @Column('timestamptz', { nullable: true })
  busy_until!: Date | null;

  @Index('plugin_purchases_payment')
  @Column('text', { nullable: true })
  payment_id!: string | null;

  @Column('text', { nullable: true })
  page_id!: string | null;

  @Column('text', { nullable: true })
  page_url!: string | null;

  @Column('timestamptz', { nullable: true })
  page_ends_at!: Date | null;

  @Column('integer', { default: 0 })
  returned_cents!: number;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}

/** One month's transfer to one developer. */
@Entity('plugin_payouts')
@Index('plugin_payouts_once', ['developer_id', 'period'], { unique: true })
@Check('plugin_payouts_positive', 'amount_cents > 0')
export class PayoutRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_payouts_pk' })
  id!: string;

  @Column('uuid')
  developer_id!: string;

  @ManyToOne(() => DeveloperRow)
  @JoinColumn({ name: 'developer_id', foreignKeyConstraintName: 'plugin_payouts_developer' })
  developer?: DeveloperRow;

  /** `YYYY-MM`. */
  @Column('text')
  period!: string;

  @Column('integer')
  amount_cents!: number;

  @Column('text')
  state!: 'pending' | 'paid' | 'refused';

  /** Grows when Stripe has surely refused, so that the next try is a new request. */
  @Column('integer', { default: 1 })
  attempt!: number;

  @Column('text', { nullable: true })
  transfer_id!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  paid_at!: Date | null;
}

/** One line of the ledger; never changed but for the payout that it went into. */
@Entity('plugin_revenue')
@Index('plugin_revenue_one_sale', { synchronize: false })
@Index('plugin_revenue_unpaid', { synchronize: false })
@Index('plugin_revenue_by_time', ['developer_id', 'occurred_at'])
@Check('plugin_revenue_adds_up', 'developer_cents + platform_cents = gross_cents')
export class RevenueRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_revenue_pk' })
  id!: string;

  @Column('uuid')
  developer_id!: string;

  @Column('uuid')
  plugin_id!: string;

  @Column('uuid')
  purchase_id!: string;

  @ManyToOne(() => PurchaseRow)
  @JoinColumn({ name: 'purchase_id', foreignKeyConstraintName: 'plugin_revenue_purchase' })
  purchase?: PurchaseRow;

  @Column('text')
  kind!: RevenueKind;

  @Column('integer')
  gross_cents!: number;

  @Column('integer')
  developer_cents!: number;

  @Column('integer')
  platform_cents!: number;

  @Index('plugin_revenue_of_payout')
  @Column('uuid', { nullable: true })
  payout_id!: string | null;

  @ManyToOne(() => PayoutRow)
  @JoinColumn({ name: 'payout_id', foreignKeyConstraintName: 'plugin_revenue_payout' })
  payout?: PayoutRow;

  @Column('timestamptz', { default: () => 'now()' })
  occurred_at!: Date;
}

/** Money of a payment that went back before we knew what the payment was for. */
@Entity('plugin_returns')
export class ReturnRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'plugin_returns_pk' })
  payment_id!: string;

  @Column('integer')
  refunded_cents!: number;

  @Column('boolean')
  disputed!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  told_at!: Date;
}
