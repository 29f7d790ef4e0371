import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { PayoutRow } from './payout.entity';
import { PurchaseRow } from './purchase.entity';
import type { RevenueKind } from './revenue-lines';

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
  @ForeignKey(() => PurchaseRow, { name: 'plugin_revenue_purchase' })
  purchase_id!: string;

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
  @ForeignKey(() => PayoutRow, { name: 'plugin_revenue_payout' })
  payout_id!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  occurred_at!: Date;
}
