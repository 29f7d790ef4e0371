import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import { TeamRow } from '../team.entity';

/** The OpenID provider of a team. */
@Entity('sso_connections')
export class SsoConnectionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sso_connections_pk' })
  team_id!: string;

  @OneToOne(() => TeamRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'sso_connections_team' })
  team?: TeamRow;

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
  team_id!: string;

  @ManyToOne(() => SsoConnectionRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'sso_domains_connection' })
  connection?: SsoConnectionRow;

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
  team_id!: string;

  @ManyToOne(() => SsoConnectionRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'sso_identities_connection' })
  connection?: SsoConnectionRow;

  /** Keyed hash of issuer and `sub`. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sso_identities_pk' })
  subject!: Buffer;

  @Index('sso_identities_of_user')
  @Column('uuid')
  user_id!: string;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sso_identities_account' })
  user?: UserRow;
}

/** A code that the app exchanges for tokens. */
@Entity('sso_codes')
export class SsoCodeRow {
  /** SHA-256 of the code, which has 256 random bits. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'sso_codes_pk' })
  hash!: Buffer;

  @Column('uuid')
  team_id!: string;

  @ManyToOne(() => SsoConnectionRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'sso_codes_connection' })
  connection?: SsoConnectionRow;

  @Index('sso_codes_of_user')
  @Column('uuid')
  user_id!: string;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'sso_codes_account' })
  user?: UserRow;

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
