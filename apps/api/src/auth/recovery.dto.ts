import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength, MinLength } from 'class-validator';
import { invalidField } from '@adiuva/kernel';
import type { IssuedChallenge, RecoverableKeyring, Reset, SignedChallenge } from '@adiuva/auth';
import { EmailField, StringField } from '../edge/body/fields';
import { bytesOf } from '../edge/body/base64';
import { keyringBytes, RECOVERY_KEY, recoveryKeyOf } from './recovery-fields';

const PASSWORD = { minLength: 10, maxLength: 256 };
const CHALLENGE_MAX = 128;
const SIGNATURE_BYTES = 64;
const KEYRING_MAX = 4 * Math.ceil(65_536 / 3);

export class RecoverDto {
  @EmailField({ example: 'anna@example.org' })
  email!: string;

  @ApiPropertyOptional({ maxLength: CHALLENGE_MAX, description: 'Of the first step' })
  @IsOptional()
  @IsString()
  @Length(1, CHALLENGE_MAX)
  challenge?: string;

  @StringField({ optional: true, format: 'byte', maxLength: 88, description: 'Ed25519, 64 bytes' })
  signature?: string;

  @ApiPropertyOptional({ ...PASSWORD, description: 'The new secret' })
  @IsOptional()
  @IsString()
  @MinLength(PASSWORD.minLength)
  @MaxLength(PASSWORD.maxLength)
  new_password?: string;

  @ApiPropertyOptional({ format: 'byte', maxLength: KEYRING_MAX, description: 'The keyring that the new secret opens' })
  @IsOptional()
  @IsString()
  @MinLength(4)
  @MaxLength(KEYRING_MAX)
  keyring?: string;

  @StringField({
    optional: true,
    ...RECOVERY_KEY,
    description: 'Of new recovery words; without it the old words stay valid',
  })
  recovery_key?: string;

  toRequest(): RecoveryRequest {
    const { email, challenge, signature, new_password: newPassword, keyring } = this;
    if (typeof challenge !== 'string' || typeof signature !== 'string') {
      assertAbsent({ challenge, signature, new_password: newPassword, keyring, recovery_key: this.recovery_key });
      return { step: 'begin', email };
    }
    const signed = { email, challenge, signature: bytesOf('signature', signature, SIGNATURE_BYTES, SIGNATURE_BYTES) };
    if (typeof newPassword !== 'string' || typeof keyring !== 'string') {
      assertAbsent({ new_password: newPassword, keyring, recovery_key: this.recovery_key });
      return { step: 'read', signed };
    }
    const recoveryKey = recoveryKeyOf(this.recovery_key);
    return { step: 'reset', reset: { ...signed, newPassword, keyring: keyringBytes(keyring), recoveryKey } };
  }
}

export type RecoveryRequest =
  | { readonly step: 'begin'; readonly email: string }
  | { readonly step: 'read'; readonly signed: SignedChallenge }
  | { readonly step: 'reset'; readonly reset: Reset };

export class RecoveryChallengeDto {
  @ApiProperty({ maxLength: CHALLENGE_MAX })
  challenge!: string;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since the Unix epoch' })
  expires_at!: number;

  static of({ challenge, expiresAt }: IssuedChallenge): RecoveryChallengeDto {
    return { challenge, expires_at: expiresAt.getTime() };
  }
}

@ApiExtraModels(RecoveryChallengeDto)
export class RecoverableKeyringDto {
  @ApiProperty({ format: 'uuid' })
  user_id!: string;

  @ApiProperty({ format: 'byte' })
  keyring!: string;

  static of({ userId, keyring }: RecoverableKeyring): RecoverableKeyringDto {
    return { user_id: userId, keyring: keyring.toString('base64') };
  }
}

function assertAbsent(fields: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(fields).filter((name) => typeof fields[name] === 'string');
  if (given.length === 0) return;
  throw invalidField(
    given[0] ?? '',
    'The fields of a step belong together: challenge and signature, new_password and keyring',
  );
}
