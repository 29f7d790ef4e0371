import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength, MinLength } from 'class-validator';
import type { PasswordReset } from '@adiuva/auth';
import { EmailField, StringField } from '../edge/body/fields';
import { KEYRING, keyringBytes } from './recovery-fields';

const PASSWORD = { minLength: 10, maxLength: 256 };
const TOKEN = { minLength: 1, maxLength: 128, description: 'From the fragment of the mailed link' };

export class MailedTokenDto {
  @StringField(TOKEN)
  token!: string;
}

export class ChangeEmailDto {
  @EmailField()
  email!: string;

  @StringField({ minLength: 1, maxLength: PASSWORD.maxLength })
  password!: string;
}

export class ForgetPasswordDto {
  @EmailField()
  email!: string;

  @StringField({
    optional: true,
    maxLength: 2048,
    description: 'Of the Turnstile widget, where the server asks for it',
  })
  turnstile_token?: string;
}

export class ResetPasswordDto extends MailedTokenDto {
  @ApiProperty({ ...PASSWORD, description: 'Not a common password, not the address' })
  @IsString()
  @MinLength(PASSWORD.minLength)
  @MaxLength(PASSWORD.maxLength)
  new_password!: string;

  @ApiPropertyOptional({ ...KEYRING, description: 'The keyring, opened with the recovery words and wrapped again' })
  @IsOptional()
  @IsString()
  @Length(1, KEYRING.maxLength)
  keyring?: string;

  toReset(): PasswordReset {
    const keyring = typeof this.keyring === 'string' ? keyringBytes(this.keyring) : null;
    return { token: this.token, newPassword: this.new_password, keyring };
  }
}

export class PasswordResetDto {
  @ApiProperty({
    description:
      'The account has encrypted data that the new password does not open. The server cannot open it either; the recovery words can',
  })
  keyring_lost!: boolean;
}
