import { Body, Controller, Get, HttpCode, Post, Query, Redirect, Req, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { SsoExchange, SsoSignIn } from '@adiuva/teams';
import type { Origin } from '@adiuva/auth';
import { AuthTokensDto } from '../auth/auth.dto';
import { ClientAddress } from '../edge/http/client-address';
import { IdempotencyKey, Opaque, Public, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { cookiesOf, queryOf, toProvider, type RedirectTo } from './sso-redirect';
import { ExchangeSsoCodeDto, SsoStartQuery } from './sso.dto';

@ApiTags('auth')
@Public()
@Controller('auth/sso')
export class SsoSignInController {
  constructor(
    private readonly signIn: SsoSignIn,
    private readonly exchange: SsoExchange,
  ) {}

  @Get('start')
  @Opaque()
  @Redirect()
  @ApiFoundResponse({ description: 'To the OpenID provider, with a cookie that binds its response to this browser' })
  @ApiOperation({
    summary: 'Start a single sign-on',
    description:
      'The app opens this in the browser of the system. 404 for a domain without single sign-on; whether the address has an account makes no difference.',
  })
  async startSso(
    @Query() query: SsoStartQuery,
    @ClientAddress() origin: Origin,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<RedirectTo> {
    return toProvider(response, this.signIn.callbackUrl, await this.signIn.start(query.toStart(), origin));
  }

  @Get('callback')
  @Opaque()
  @Redirect()
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string', maxLength: 500 } })
  @ApiQuery({ name: 'code', required: false, schema: { type: 'string', maxLength: 4000 } })
  @ApiQuery({ name: 'iss', required: false, schema: { type: 'string', maxLength: 500 } })
  @ApiFoundResponse({ description: 'To the redirect URI of the app, with `code` or `error`, and its `state`' })
  @ApiOperation({
    summary: 'Receive the response of the OpenID provider',
    description: '401 `sso_failed` for a response that belongs to no sign-in that this browser has begun.',
  })
  async completeSso(@Req() request: EdgeRequest): Promise<RedirectTo> {
    return { url: await this.signIn.complete(queryOf(request), cookiesOf(request)), statusCode: 302 };
  }

  @Post('exchange')
  @HttpCode(200)
  @IdempotencyKey('unstored')
  @ApiOkResponse({ type: AuthTokensDto })
  @ApiOperation({
    summary: 'Exchange the code of a single sign-on',
    description:
      'With the verifier of the challenge that the app began with. 401 `totp_required` for a user with a second factor; the code stays valid. The session does not open encrypted data: that needs the password, recovery words or a passkey with PRF.',
  })
  async exchangeSsoCode(@Body() body: ExchangeSsoCodeDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.exchange.complete(body.code, body.code_verifier, body.totp, origin));
  }
}
