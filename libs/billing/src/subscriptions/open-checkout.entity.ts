import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The one checkout page of a user that is still open. */
@Entity('open_checkouts')
export class OpenCheckoutRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'open_checkouts_pk' })
  user_id!: string;

  @Column('text')
  session!: string;

  @Column('timestamptz', { default: () => 'now()' })
  opened_at!: Date;
}
