import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from './user.entity';

/** One sign-in and the family of refresh tokens that descend from it. */
@Entity('sessions')
export class SessionRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'sessions_pk' })
  id!: string;

  @Index('sessions_of_user')
  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'sessions_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('bytea', { nullable: true })
  user_agent!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz', { default: () => 'now()' })
  last_used_at!: Date;

  /** The absolute end, however often it is refreshed. */
  @Column('timestamptz')
  ends_at!: Date;

  /** The team at whose provider the user signed in; null for a sign-in with credentials of the account itself. */
  @Column('uuid', { nullable: true })
  sso_team_id!: string | null;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;
}

@Entity('refresh_tokens')
export class RefreshTokenRow {
  /** SHA-256 of the token; the token itself has 256 random bits and is kept nowhere. */
  @PrimaryColumn('bytea', { primaryKeyConstraintName: 'refresh_tokens_pk' })
  hash!: Buffer;

  @Index('refresh_tokens_of_session')
  @Column('uuid')
  @ForeignKey(() => SessionRow, { name: 'refresh_tokens_session', onDelete: 'CASCADE' })
  session_id!: string;

  /** The token that was spent for this one. */
  @Index('refresh_tokens_of_parent')
  @Column('bytea', { nullable: true })
  parent!: Buffer | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz')
  expires_at!: Date;

  @Column('timestamptz', { nullable: true })
  spent_at!: Date | null;

  /** A sibling was used first. */
  @Column('boolean', { default: false })
  closed!: boolean;
}
