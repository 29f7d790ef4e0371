import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { DeveloperRow } from '../plugins/developer.entity';

/** One month's transfer to one developer. */
@Entity('plugin_payouts')
@Index('plugin_payouts_once', ['developer_id', 'period'], { unique: true })
@Check('plugin_payouts_positive', 'amount_cents > 0')
export class PayoutRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'plugin_payouts_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => DeveloperRow, { name: 'plugin_payouts_developer' })
  developer_id!: string;

  /** `YYYY-MM`. */
  @Column('text')
  period!: string;

  @Column('integer')
  amount_cents!: number;

  @Column('text')
  state!: 'pending' | 'paid' | 'refused';

  /** Grows when Stripe has certainly refused, so that the next attempt is a new request. */
  @Column('integer', { default: 1 })
  attempt!: number;

  /** When the transfer was last requested. */
  @Column('timestamptz', { nullable: true })
  sent_at!: Date | null;

  @Column('text', { nullable: true })
  transfer_id!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  paid_at!: Date | null;
}
