import { ApiProperty } from '@nestjs/swagger';
import { TIERS, type Page, type Tier } from '@adiuva/kernel';
import type { ManagedUser, UserChange } from '@adiuva/billing';
import { BooleanField, EnumField, StringField } from '../edge/body/fields';
import { PageQuery } from '../edge/http/page.dto';

const MILLISECONDS = 'Milliseconds since 1970';

export class UsersQuery extends PageQuery {
  @StringField({ optional: true, maxLength: 320, description: 'An id or a whole e-mail address' })
  q?: string;

  @EnumField(TIERS, { optional: true })
  tier?: Tier;
}

export class UserChangeDto {
  @EnumField(TIERS, { optional: true, description: 'Until the next change of a subscription' })
  tier?: Tier;

  @BooleanField({
    optional: true,
    description: 'A disabled account cannot sign in; its sessions end and its data is kept',
  })
  disabled?: boolean;

  toChange(): UserChange {
    const { tier, disabled } = this;
    return {
      ...(typeof tier === 'string' ? { tier } : {}),
      ...(typeof disabled === 'boolean' ? { disabled } : {}),
    };
  }
}

export class ManagedUserDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  email!: string;

  @ApiProperty({ enum: TIERS })
  tier!: Tier;

  @ApiProperty({ type: 'integer' })
  seats!: number;

  @ApiProperty({ enum: ['user', 'admin'] })
  role!: 'user' | 'admin';

  @ApiProperty()
  disabled!: boolean;

  @ApiProperty()
  email_verified!: boolean;

  @ApiProperty({ type: 'integer', description: MILLISECONDS })
  created_at!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: `Of the last refresh of a session; ${MILLISECONDS}` })
  last_used_at!: number | null;

  static of(user: ManagedUser): ManagedUserDto {
    const { id, email, tier, seats, role, disabled, emailVerified, createdAt, lastUsedAt } = user;
    return {
      id,
      email,
      tier,
      seats,
      role,
      disabled,
      email_verified: emailVerified,
      created_at: createdAt.getTime(),
      last_used_at: lastUsedAt?.getTime() ?? null,
    };
  }
}

export class ManagedUsersDto {
  @ApiProperty({ type: [ManagedUserDto], description: 'Newest first' })
  users!: ManagedUserDto[];

  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  page!: number;

  static of({ items, total }: Page<ManagedUser>, page: number): ManagedUsersDto {
    return { users: items.map((user) => ManagedUserDto.of(user)), total, page };
  }
}
