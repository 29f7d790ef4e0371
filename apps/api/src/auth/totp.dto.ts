import { ApiProperty } from '@nestjs/swagger';
import { StringField } from '../edge/body/fields';

const CODE_MAX = 32;

export class TotpUriDto {
  @ApiProperty({ description: 'otpauth:// address for the authenticator app, with the secret' })
  otpauth_uri!: string;
}

export class TotpCodeDto {
  @StringField({ minLength: 1, maxLength: CODE_MAX, description: 'The present code of the authenticator app' })
  code!: string;
}

export class DisableTotpDto {
  @StringField({ minLength: 1, maxLength: 256 })
  password!: string;

  @StringField({
    minLength: 1,
    maxLength: CODE_MAX,
    description: 'A code of the authenticator app, or a recovery code',
  })
  code!: string;
}

export class TotpRecoveryCodesDto {
  @ApiProperty({ type: [String], description: 'Each replaces a code of the app once. They are shown only here' })
  recovery_codes!: string[];
}
