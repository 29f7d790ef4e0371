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

  /** Counts the changes of what it rests on, so that a decision on something older is noticed. */
  @Column('integer', { default: 0 })
  revision!: number;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
