import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';

/** Sums of all users for one day. No row names a user. */
@Entity('telemetry_counts')
export class TelemetryCountRow {
  @PrimaryColumn('date', { primaryKeyConstraintName: 'telemetry_counts_pk' })
  day!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'telemetry_counts_pk' })
  name!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'telemetry_counts_pk' })
  property!: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'telemetry_counts_pk' })
  value!: string;

  @Column('bigint')
  count!: string;

  @Column('double precision')
  sum!: number;
}

/** The user has agreed to send telemetry. */
@Entity('telemetry_consents')
export class TelemetryConsentRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'telemetry_consents_pk' })
  @ForeignKey(() => UserRow, { name: 'telemetry_consents_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('timestamptz', { default: () => 'now()' })
  given_at!: Date;
}
