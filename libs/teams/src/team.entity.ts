import { Column, Entity, Index, JoinColumn, ManyToOne, OneToOne, PrimaryColumn } from 'typeorm';
import { UserRow } from '@adiuva/auth';
import type { MemberRole } from './team';

/** A team; `user_id` owns it and pays for its seats. The name is sealed under the owner's data key. */
@Entity('teams')
export class TeamRow {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'teams_pk' })
  id!: string;

  @Index('teams_owner', { unique: true })
  @Column('uuid')
  user_id!: string;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'teams_owner_user' })
  user?: UserRow;

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
  user_id!: string;

  @OneToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id', foreignKeyConstraintName: 'team_members_user' })
  user?: UserRow;

  @Column('uuid')
  team_id!: string;

  @ManyToOne(() => TeamRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'team_members_team' })
  team?: TeamRow;

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
  team_id!: string;

  @ManyToOne(() => TeamRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'team_id', foreignKeyConstraintName: 'team_invites_team' })
  team?: TeamRow;

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
  inviter_id!: string | null;

  @ManyToOne(() => UserRow, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'inviter_id', foreignKeyConstraintName: 'team_invites_inviter' })
  inviter?: UserRow;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  @Column('timestamptz')
  expires_at!: Date;
}
