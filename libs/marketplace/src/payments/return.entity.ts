import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Returns } from './returns';

/** Refunds and disputes of a payment, also while no purchase has it yet. */
@Entity('plugin_returns')
export class ReturnRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'plugin_returns_pk' })
  payment_id!: string;

  @Column('jsonb')
  state!: Returns;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
