import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '../user.entity';

/** A WebAuthn credential of a user. The name is the user's text, so it is sealed. */
@Entity('passkeys')
export class PasskeyRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'passkeys_pk' })
  id!: string;

  @Index('passkeys_of_user')
  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'passkeys_user', onDelete: 'CASCADE' })
  user_id!: string;

  /** base64url, as the authenticator made it. */
  @Index('passkeys_credential', { unique: true })
  @Column('text')
  credential_id!: string;

  /** COSE (RFC 9052). */
  @Column('bytea')
  public_key!: Buffer;

  /** Of the authenticator; a lower one than the last shows a copy. 0 where the authenticator does not count. */
  @Column('bigint')
  counter!: string;

  /** Comma-separated words of WebAuthn. */
  @Column('text')
  transports!: string;

  @Column('boolean')
  backed_up!: boolean;

  @Column('bytea')
  name!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { nullable: true })
  last_used_at!: Date | null;
}

/** A challenge that was answered, until it expires. */
@Entity('spent_passkey_challenges')
export class SpentPasskeyChallengeRow {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'spent_passkey_challenges_pk' })
  hash!: Buffer;

  @Column('timestamptz')
  expires_at!: Date;
}
