import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Role } from '@adiuva/kernel';

/** An account. The address and the name are sealed under the user's own data key; the address is found by a keyed hash. */
@Entity('users')
export class UserRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'users_pk' })
  id!: string;

  @Index('users_email_index', { unique: true })
  @Column('bytea', { nullable: true })
  email_index!: Buffer | null;

  @Column('bytea', { nullable: true })
  email!: Buffer | null;

  @Column('bytea', { nullable: true })
  display_name!: Buffer | null;

  @Column('text', { nullable: true })
  password_hash!: string | null;

  /** Ed25519: signs challenges with the key that the recovery words give. */
  @Column('bytea', { nullable: true })
  recovery_key!: Buffer | null;

  /** Challenges from before it are void. */
  @Column('timestamptz', { nullable: true })
  recovered_at!: Date | null;

  /** When the user has proved to receive mail at the address. */
  @Column('timestamptz', { nullable: true })
  email_verified_at!: Date | null;

  /** Of the client's key derivation, where the address has changed since; otherwise it is made from the address. */
  @Column('bytea', { nullable: true })
  login_salt!: Buffer | null;

  @Column('text', { default: 'user' })
  role!: Role;

  /** Set by an administrator: no sign-in, data stays. */
  /** How often an operator has unlocked the account: wrong passwords of before count no more. */
  @Column('integer', { default: 0 })
  unlocks!: number;

  @Column('timestamptz', { nullable: true })
  disabled_at!: Date | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  /** Set when the account is being erased; from then on it is gone for everybody. */
  @Column('timestamptz', { nullable: true })
  erased_at!: Date | null;
}

/** A user's data key, wrapped by the master key. Destroying it destroys everything that is sealed for the user. */
@Entity('user_keys')
export class UserKeyRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'user_keys_pk' })
  @ForeignKey(() => UserRow, { name: 'user_keys_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('bytea')
  wrapped!: Buffer;
}

/** An address that the account has signed in from, as a keyed hash. */
@Entity('known_addresses')
export class KnownAddressRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'known_addresses_pk' })
  @ForeignKey(() => UserRow, { name: 'known_addresses_user', onDelete: 'CASCADE' })
  user_id!: string;

  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'known_addresses_pk' })
  address!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  seen_at!: Date;
}
