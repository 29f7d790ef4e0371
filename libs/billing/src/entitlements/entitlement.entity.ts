import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Tier } from '@adiuva/kernel';

/** What a user has paid for; no row means free. */
@Entity('entitlements')
export class EntitlementRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'entitlements_pk' })
  user_id!: string;

  @Column('text')
  tier!: Tier;

  @Column('integer', { default: 1 })
  seats!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
