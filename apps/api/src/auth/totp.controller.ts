import { Body, Controller, Delete, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { TotpSettings, type Origin } from '@adiuva/auth';
import { ClientAddress } from '../edge/http/client-address';
import { Caller, IdempotencyKey } from '../edge/principal';
import { DisableTotpDto, TotpCodeDto, TotpRecoveryCodesDto, TotpUriDto } from './totp.dto';

@ApiTags('auth')
@Controller('auth/totp')
export class TotpController {
  constructor(private readonly totp: TotpSettings) {}

  @IdempotencyKey('unstored')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: TotpUriDto })
  @ApiOperation({
    summary: 'Start to set up a second factor',
    description:
      'Returns the secret for an authenticator app (RFC 6238). Sign-ins do not ask for a code until the secret is confirmed. 409 `conflict` while one is set up.',
  })
  async beginTotp(@Caller() caller: Principal): Promise<TotpUriDto> {
    return { otpauth_uri: await this.totp.begin(caller) };
  }

  @IdempotencyKey('unstored')
  @Post('confirm')
  @HttpCode(200)
  @ApiOkResponse({ type: TotpRecoveryCodesDto })
  @ApiOperation({
    summary: 'Confirm the second factor',
    description:
      'Returns ten recovery codes, once. From then on a sign-in with the password needs a code. 422 `wrong_code` for a wrong one.',
  })
  async confirmTotp(
    @Caller() caller: Principal,
    @Body() { code }: TotpCodeDto,
    @ClientAddress() origin: Origin,
  ): Promise<TotpRecoveryCodesDto> {
    return { recovery_codes: [...(await this.totp.confirm(caller, code, origin))] };
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove the second factor',
    description: 'Needs the password and a code. Recovery codes that remain are void.',
  })
  disableTotp(
    @Caller() caller: Principal,
    @Body() { password, code }: DisableTotpDto,
    @ClientAddress() origin: Origin,
  ): Promise<void> {
    return this.totp.disable(caller, password, code, origin);
  }
}
