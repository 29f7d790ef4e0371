import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { UserRow } from '../user.entity';

/** The secret that a user's authenticator app shares with us, sealed. A second factor from its confirmation on. */
@Entity('totp_secrets')
export class TotpSecretRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'totp_secrets_pk' })
  @ForeignKey(() => UserRow, { name: 'totp_secrets_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('bytea')
  secret!: Buffer;

  @Column('timestamptz', { nullable: true })
  confirmed_at!: Date | null;

  /** The time step of the last code that was accepted; this one and earlier ones are spent. */
  @Column('integer', { default: 0 })
  last_step!: number;
}

/** One of the codes that replace the authenticator app. Deleted when it is used. */
@Entity('totp_recovery_codes')
export class TotpRecoveryCodeRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'totp_recovery_codes_pk' })
  @ForeignKey(() => UserRow, { name: 'totp_recovery_codes_user', onDelete: 'CASCADE' })
  user_id!: string;

  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'totp_recovery_codes_pk' })
  hash!: Buffer;
}
