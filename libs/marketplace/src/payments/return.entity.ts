import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Refunds and disputes of a payment that no purchase has yet. */
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
