import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { DeveloperRow } from '../plugins/developer.entity';
import type { PurchaseState } from './purchase';

/** A sale from before its charge to after its refund. Plugin and buyer may be erased, the row stays. */
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
  @ForeignKey(() => DeveloperRow, { name: 'plugin_purchases_developer' })
  developer_id!: string;

  /** The requested version. */
  @Column('text')
  version!: string;

  @Column('integer')
  price_cents!: number;

  @Column('text')
  state!: PurchaseState;

  /** Grows when an attempt to charge has certainly failed. */
  @Column('integer', { default: 1 })
  attempt!: number;

  /** The end of a request's lease; other requests wait. */
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

  /** Whether a refund removed the installation, so that a reinstatement restores it. */
  @Column('boolean', { default: false })
  uninstalled!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}
