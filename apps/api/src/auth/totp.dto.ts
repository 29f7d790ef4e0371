import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

const CODE_MAX = 32;

export class TotpUriDto {
  @ApiProperty({ description: 'otpauth:// address for the authenticator app, with the secret' })
  otpauth_uri!: string;
}

export class TotpCodeDto {
  @ApiProperty({ minLength: 1, maxLength: CODE_MAX, description: 'The present code of the authenticator app' })
  @IsString()
  @Length(1, CODE_MAX)
  code!: string;
}

export class DisableTotpDto {
  @ApiProperty({ minLength: 1, maxLength: 256 })
  @IsString()
  @Length(1, 256)
  password!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: CODE_MAX,
    description: 'A code of the authenticator app, or a recovery code',
  })
  @IsString()
  @Length(1, CODE_MAX)
  code!: string;
}

export class TotpRecoveryCodesDto {
  @ApiProperty({ type: [String], description: 'Each replaces a code of the app once. They are shown only here' })
  recovery_codes!: string[];
}
