import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One row: up to when Stripe's list of events was read. A restored database has that of its time, so what happened since is read again. */
@Entity('stripe_catch_up')
export class EventCatchUpRow {
  @PrimaryColumn('boolean', { primaryKeyConstraintName: 'stripe_catch_up_pk', default: true })
  singleton!: boolean;

  @Column('timestamptz')
  caught_up_to!: Date;
}
