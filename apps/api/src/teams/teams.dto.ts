import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length, Matches } from 'class-validator';
import { MEMBER_ROLES, type MemberRole, type Team, type TeamInvite, type TeamMember } from '@adiuva/teams';
import { EmailField, EnumField } from '../edge/body/fields';

/** Visible on one line, in the order in which it is written: it is shown to others, also in mails. */
const NAME_PATTERN = /^(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u;
const NAME = { minLength: 1, maxLength: 100, pattern: NAME_PATTERN.source };

export class TeamNameDto {
  @ApiProperty(NAME)
  @IsString()
  @Length(NAME.minLength, NAME.maxLength)
  @Matches(NAME_PATTERN, { message: 'must be text on one line' })
  name!: string;
}

export class NewInviteDto {
  @EmailField()
  email!: string;

  @EnumField(MEMBER_ROLES)
  role!: MemberRole;
}

export class MemberRoleDto {
  @EnumField(MEMBER_ROLES)
  role!: MemberRole;
}

export class TeamDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ format: 'uuid', description: 'Who pays for the seats, and needs none' })
  owner_id!: string;

  @ApiProperty({ enum: ['owner', ...MEMBER_ROLES], description: 'Of the caller' })
  role!: Team['role'];

  @ApiProperty({ type: 'integer', description: 'Seats that are paid for now; 0 without a team subscription' })
  seats!: number;

  @ApiProperty({ type: 'integer', description: 'Members, each with a seat' })
  members!: number;

  @ApiProperty({ type: 'integer' })
  created_at!: number;

  static of({ ownerId, createdAt, id, name, role, seats, members }: Team): TeamDto {
    return { id, name, owner_id: ownerId, role, seats, members, created_at: createdAt.getTime() };
  }
}

export class TeamMemberDto {
  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  @ApiProperty()
  email!: string;

  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  @ApiProperty({ enum: MEMBER_ROLES })
  role!: MemberRole;

  @ApiProperty({ description: 'Whether the seat is paid for; after a reduction the first members keep theirs' })
  active!: boolean;

  @ApiProperty({ type: 'integer' })
  joined_at!: number;

  static of({ userId, joinedAt, email, name, role, active }: TeamMember): TeamMemberDto {
    return { user_id: userId, email, name, role, active, joined_at: joinedAt.getTime() };
  }
}

export class TeamInviteDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  email!: string;

  @ApiProperty({ enum: MEMBER_ROLES })
  role!: MemberRole;

  @ApiProperty({ type: 'integer' })
  created_at!: number;

  @ApiProperty({ type: 'integer' })
  expires_at!: number;

  static of({ id, email, role, createdAt, expiresAt }: TeamInvite): TeamInviteDto {
    return { id, email, role, created_at: createdAt.getTime(), expires_at: expiresAt.getTime() };
  }
}
