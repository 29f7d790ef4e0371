import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Passkeys, PasskeySignIn, type CreationOptions, type Origin, type RequestOptions } from '@adiuva/auth';
import { IdPipe } from '../edge/body/id.pipe';
import { ClientAddress } from '../edge/http/client-address';
import { Caller, IdempotencyKey, Public } from '../edge/principal';
import { AuthTokensDto } from './auth.dto';
import { PasskeyDto, PasskeyLoginDto, RegisterPasskeyDto } from './passkeys.dto';

const OPTIONS = { description: 'Options in JSON of WebAuthn', schema: { type: 'object', additionalProperties: true } };

@ApiTags('auth')
@Controller('auth/passkeys')
export class PasskeysController {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly signIn: PasskeySignIn,
  ) {}

  @IdempotencyKey('unstored')
  @Post('register/options')
  @HttpCode(200)
  @ApiOkResponse(OPTIONS)
  @ApiOperation({
    summary: 'Options of a new passkey',
    description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON`. The challenge is valid for 5 minutes, once.',
  })
  createPasskeyOptions(@Caller() caller: Principal): Promise<CreationOptions> {
    return this.passkeys.registrationOptions(caller);
  }

  @IdempotencyKey('atomic')
  @Post('register')
  @ApiCreatedResponse({ type: PasskeyDto })
  @ApiOperation({
    summary: 'Register a passkey',
    description:
      'Takes `PublicKeyCredential.toJSON()`. 401 `invalid_credentials` for a response that is not to a challenge of this user, 409 `conflict` for a known passkey or more than 20.',
  })
  async registerPasskey(@Caller() caller: Principal, @Body() body: RegisterPasskeyDto): Promise<PasskeyDto> {
    return PasskeyDto.of(await this.passkeys.register(caller, body.toAttestation(), body.name ?? 'Passkey'));
  }

  @Get()
  @ApiOkResponse({ type: [PasskeyDto] })
  @ApiOperation({ summary: 'List passkeys', description: 'Oldest first, with the time of the last sign-in.' })
  async listPasskeys(@Caller() caller: Principal): Promise<PasskeyDto[]> {
    return (await this.passkeys.list(caller)).map((passkey) => PasskeyDto.of(passkey));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a passkey', description: 'It signs in no more; sessions that it opened remain.' })
  deletePasskey(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    return this.passkeys.delete(caller, id);
  }

  @Public()
  @IdempotencyKey('unstored')
  @Post('login/options')
  @HttpCode(200)
  @ApiOkResponse(OPTIONS)
  @ApiOperation({
    summary: 'Options of a sign-in with a passkey',
    description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON`. Names no account: the passkey does.',
  })
  createPasskeyLoginOptions(@ClientAddress() origin: Origin): Promise<RequestOptions> {
    return this.signIn.options(origin);
  }

  @Public()
  @IdempotencyKey('unstored')
  @Post('login')
  @HttpCode(200)
  @ApiOkResponse({ type: AuthTokensDto })
  @ApiOperation({
    summary: 'Sign in with a passkey',
    description: 'The device has verified the user, so no second factor is asked for.',
  })
  async loginWithPasskey(@Body() body: PasskeyLoginDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.signIn.complete(body.toAssertion(), origin));
  }
}
