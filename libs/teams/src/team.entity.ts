import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { MemberRole } from './team';

/** A team; `user_id` owns it and pays for its seats. The name is sealed under the owner's data key. */
@Entity('teams')
export class TeamRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'teams_pk' })
  id!: string;

  @Index('teams_owner', { unique: true })
  @Column('uuid')
  @ForeignKey(() => UserRow, { name: 'teams_owner_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('bytea')
  name!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;
}

/** A member other than the owner; a user is in one team at most. */
@Entity('team_members')
@Index('team_members_of_team', ['team_id', 'joined_at'])
export class TeamMemberRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'team_members_pk' })
  @ForeignKey(() => UserRow, { name: 'team_members_user', onDelete: 'CASCADE' })
  user_id!: string;

  @Column('uuid')
  @ForeignKey(() => TeamRow, { name: 'team_members_team', onDelete: 'CASCADE' })
  team_id!: string;

  @Column('text')
  role!: MemberRole;

  @Column('timestamptz', { default: () => 'now()' })
  joined_at!: Date;
}

/** An invitation that was mailed. Deleted when it is accepted. */
@Entity('team_invites')
@Index('team_invites_of_team', ['team_id', 'id'])
export class TeamInviteRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'team_invites_pk' })
  id!: string;

  @Column('uuid')
  @ForeignKey(() => TeamRow, { name: 'team_invites_team', onDelete: 'CASCADE' })
  team_id!: string;

  /** SHA-256 of the token in the mailed link, which has 256 random bits. */
  @Index('team_invites_hash', { unique: true })
  @Column('bytea')
  hash!: Buffer;

  /** The invited address, sealed under the owner's data key. */
  @Column('bytea')
  email!: Buffer;

  @Column('text')
  role!: MemberRole;

  /** Null for invites from before. */
  @Index('team_invites_of_inviter')
  @Column('uuid', { nullable: true })
  @ForeignKey(() => UserRow, { name: 'team_invites_inviter', onDelete: 'CASCADE' })
  inviter_id!: string | null;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz')
  expires_at!: Date;
}
