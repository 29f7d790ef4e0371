import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import { TeamRow } from '../team.entity';

/** The OpenID provider of a team. */
@Entity('sso_connections')
export class SsoConnectionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sso_connections_pk' })
  @ForeignKey(() => TeamRow, { name: 'sso_connections_team', onDelete: 'CASCADE' })
  team_id!: string;

  /** Issuer, client id and client secret, sealed under the owner's data key. */
  @Column('bytea')
  settings!: Buffer;

  /** Whether members whose address is in a proved domain must sign in here. */
  @Column('boolean')
  enforce!: boolean;

  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}

/** A domain whose addresses sign in at the team's provider. It is proved by one team at a time. */
@Entity('sso_domains')
@Index('sso_domains_proved', ['domain_index'], { unique: true, where: 'proved_at IS NOT NULL' })
export class SsoDomainRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sso_domains_pk' })
  @ForeignKey(() => SsoConnectionRow, { name: 'sso_domains_connection', onDelete: 'CASCADE' })
  team_id!: string;

  /** Keyed hash of the domain. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sso_domains_pk' })
  domain_index!: Buffer;

  /** Sealed under the owner's data key. */
  @Column('bytea')
  domain!: Buffer;

  @Column('timestamptz', { nullable: true })
  proved_at!: Date | null;

  /** Since when the record of a proved domain is not found. */
  @Column('timestamptz', { nullable: true })
  missing_since!: Date | null;
}

/** Which account a person of the provider signs in to. */
@Entity('sso_identities')
@Index('sso_identities_user', ['team_id', 'user_id'], { unique: true })
export class SsoIdentityRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sso_identities_pk' })
  @ForeignKey(() => SsoConnectionRow, { name: 'sso_identities_connection', onDelete: 'CASCADE' })
  team_id!: string;

  /** Keyed hash of issuer and `sub`. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sso_identities_pk' })
  subject!: Buffer;

  @Index('sso_identities_of_user')
  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'sso_identities_account', onDelete: 'CASCADE' })
  user_id!: string;
}

/** A code that the app exchanges for tokens. */
@Entity('sso_codes')
export class SsoCodeRow {
  /** SHA-256 of the code, which has 256 random bits. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sso_codes_pk' })
  hash!: Buffer;

  @Column('uuid')
  @ForeignKey(() => SsoConnectionRow, { name: 'sso_codes_connection', onDelete: 'CASCADE' })
  team_id!: string;

  @Index('sso_codes_of_user')
  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'sso_codes_account', onDelete: 'CASCADE' })
  user_id!: string;

  /** SHA-256 of the app's code verifier (RFC 7636, S256). */
  @Column('bytea')
  challenge!: Buffer;

  @Column('timestamptz')
  expires_at!: Date;
}

/** A `state` that a provider has returned; it is not accepted again. */
@Entity('spent_sso_states')
export class SpentSsoStateRow {
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'spent_sso_states_pk' })
  hash!: Buffer;

  @Column('timestamptz')
  expires_at!: Date;
}
