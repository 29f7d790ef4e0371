import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { Origin } from '@adiuva/auth';
import { ClientAddress } from '../edge/http/client-address';
import { IdempotencyKey, Opaque, Public } from '../edge/principal';
import { AuthTokensDto } from './auth.dto';
import { RecoverableKeyringDto, RecoverDto, RecoveryChallengeDto } from './recovery.dto';
import { RecoverySteps } from './recovery-steps.service';

@ApiTags('auth')
@ApiExtraModels(RecoveryChallengeDto, RecoverableKeyringDto, AuthTokensDto)
@Opaque()
@Controller('auth')
export class RecoveryController {
  constructor(private readonly steps: RecoverySteps) {}

  @Public()
  @IdempotencyKey('unstored')
  @Post('recover')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Recover an account',
    description: [
      'Sets a new secret with the recovery words, without a session. All signatures are Ed25519, with the key pair that the words give and whose public half is the `recovery_key` of the account; lines end with a line feed.',
      '1. `{email}` returns a challenge, the same for an unknown address. It is valid for five minutes and one reset.',
      '2. `{email, challenge, signature}` returns the user id and the keyring, for the client to open with the words. Signed: `adiuva account recovery 1`, `read`, the challenge, an empty line.',
      '3. `{email, challenge, signature, new_password, keyring}` sets both and ends all other sessions. Signed: `adiuva account recovery 1`, `reset`, the challenge, the SHA-256 of `new_password` in UTF-8, the SHA-256 of the bytes of the keyring (lowercase hexadecimal), an empty line.',
    ].join('\n\n'),
  })
  @ApiOkResponse({
    schema: {
      oneOf: [RecoveryChallengeDto, RecoverableKeyringDto, AuthTokensDto].map((dto) => ({ $ref: getSchemaPath(dto) })),
    },
  })
  recoverAccount(
    @Body() body: RecoverDto,
    @ClientAddress() origin: Origin,
  ): Promise<RecoveryChallengeDto | RecoverableKeyringDto | AuthTokensDto> {
    return this.steps.run(body.toRequest(), origin);
  }
}
