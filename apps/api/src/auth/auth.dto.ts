import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Length, MaxLength, MinLength } from 'class-validator';
import { TIERS, type Role, type Tier } from '@adiuva/kernel';
import type { Account, AuthTokens, Registration, SessionView } from '@adiuva/auth';
import { EMAIL_MAX, EmailField, StringField } from '../edge/body/fields';
import { RECOVERY_KEY, recoveryKeyOf } from './recovery-fields';

const PASSWORD = { minLength: 10, maxLength: 256 };
const TOKEN_MAX = 512;

export class RegisterDto {
  @EmailField()
  email!: string;

  @ApiProperty({ ...PASSWORD, description: 'Not a common password, not the address' })
  @IsString()
  @MinLength(PASSWORD.minLength)
  @MaxLength(PASSWORD.maxLength)
  password!: string;

  @StringField({ optional: true, minLength: 1, maxLength: 200 })
  name?: string;

  @StringField({
    optional: true,
    ...RECOVERY_KEY,
    description:
      'Ed25519, 32 bytes: the public half of the key pair that the recovery words give. Says that `password` is a derived secret',
  })
  recovery_key?: string;

  @StringField({
    optional: true,
    maxLength: 2048,
    description: 'Of the Turnstile widget, where the server asks for it',
  })
  turnstile_token?: string;

  toRegistration(): Registration {
    const recoveryKey = recoveryKeyOf(this.recovery_key);
    return {
      ...(recoveryKey ? { recoveryKey } : {}),
      email: this.email,
      password: this.password,
      ...(typeof this.name === 'string' ? { name: this.name } : {}),
    };
  }
}

export class LoginDto {
  @ApiProperty({ format: 'email', maxLength: EMAIL_MAX })
  @IsString()
  @Length(1, EMAIL_MAX)
  email!: string;

  @ApiProperty({ maxLength: PASSWORD.maxLength })
  @IsString()
  @Length(1, PASSWORD.maxLength)
  password!: string;

  @StringField({
    optional: true,
    description: 'A code of the authenticator app, or a recovery code; asked for by 401 `totp_required`',
    maxLength: 32,
  })
  totp?: string;

  @StringField({
    optional: true,
    maxLength: 2048,
    description: 'Of the Turnstile widget, where the server asks for it',
  })
  turnstile_token?: string;
}

export class RefreshDto {
  @ApiProperty({ maxLength: TOKEN_MAX })
  @IsString()
  @Length(1, TOKEN_MAX)
  refresh_token!: string;
}

export class ChangePasswordDto {
  @ApiProperty({ maxLength: PASSWORD.maxLength })
  @IsString()
  @Length(1, PASSWORD.maxLength)
  current_password!: string;

  @ApiProperty(PASSWORD)
  @IsString()
  @MinLength(PASSWORD.minLength)
  @MaxLength(PASSWORD.maxLength)
  new_password!: string;
}

export class EraseAccountDto {
  @ApiProperty({ maxLength: PASSWORD.maxLength })
  @IsString()
  @Length(1, PASSWORD.maxLength)
  password!: string;
}

export class AuthTokensDto {
  @ApiProperty()
  access_token!: string;

  @ApiProperty()
  refresh_token!: string;

  @ApiProperty({ description: 'When the access token ends, in milliseconds since 1970', type: 'integer' })
  expires_at!: number;

  static of(tokens: AuthTokens): AuthTokensDto {
    return {
      access_token: tokens.accessToken,
      refresh_token: tokens.refreshToken,
      expires_at: tokens.expiresAt.getTime(),
    };
  }
}

export class UserProfileDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  email!: string;

  @ApiProperty({ enum: TIERS })
  tier!: Tier;

  @ApiProperty({ enum: ['user', 'admin'] })
  role!: Role;

  @ApiProperty({ type: 'integer' })
  created_at!: number;

  @ApiProperty({ description: 'Whether the user has proved to receive mail at the address' })
  email_verified!: boolean;

  @ApiProperty({ description: 'Whether a sign-in needs a code of the authenticator app' })
  totp_enabled!: boolean;

  @ApiPropertyOptional()
  name?: string;

  static of(account: Account, tier: Tier): UserProfileDto {
    const { id, email, role, createdAt, name } = account;
    return {
      id,
      email,
      tier,
      role,
      created_at: createdAt.getTime(),
      email_verified: account.emailVerified,
      totp_enabled: account.totpEnabled,
      ...(name === null ? {} : { name }),
    };
  }
}

export class SessionDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: 'integer' })
  created_at!: number;

  @ApiProperty({ type: 'integer' })
  last_used_at!: number;

  @ApiProperty({ type: String, nullable: true })
  user_agent!: string | null;

  @ApiProperty()
  current!: boolean;

  static of(session: SessionView): SessionDto {
    return {
      id: session.id,
      created_at: session.createdAt.getTime(),
      last_used_at: session.lastUsedAt.getTime(),
      user_agent: session.userAgent,
      current: session.current,
    };
  }
}
