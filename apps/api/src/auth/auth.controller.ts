import type { JsonWebKey } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { AccessTokens, Accounts, Sessions, type Origin } from '@adiuva/auth';
import { IdPipe } from '../edge/body/id.pipe';
import { ClientAddress } from '../edge/http/client-address';
import { Caller, Public, Replayable } from '../edge/principal';
import {
  AuthTokensDto,
  ChangePasswordDto,
  EraseAccountDto,
  LoginDto,
  RefreshDto,
  RegisterDto,
  SessionDto,
  UserProfileDto,
} from './auth.dto';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly tokens: AccessTokens,
  ) {}

  @Public()
  @Replayable()
  @Post('register')
  @ApiCreatedResponse({ type: AuthTokensDto })
  async register(@Body() body: RegisterDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.accounts.register(body.toRegistration(), origin));
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @ApiOkResponse({ type: AuthTokensDto })
  async login(@Body() body: LoginDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.accounts.login(body.email, body.password, origin));
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ type: AuthTokensDto })
  async refresh(@Body() body: RefreshDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.sessions.refresh(body.refresh_token, origin.address));
  }

  @Public()
  @Post('logout')
  @HttpCode(204)
  @ApiNoContentResponse()
  logout(@Body() body: RefreshDto, @ClientAddress() origin: Origin): Promise<void> {
    return this.sessions.logout(body.refresh_token, origin.address);
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOkResponse({ type: UserProfileDto })
  async me(@Caller() caller: Principal): Promise<UserProfileDto> {
    return UserProfileDto.of(await this.accounts.get(caller.userId), caller.tier);
  }

  @Get('sessions')
  @ApiBearerAuth()
  @ApiOkResponse({ type: [SessionDto] })
  async listSessions(@Caller() caller: Principal): Promise<SessionDto[]> {
    return (await this.sessions.list(caller)).map((session) => SessionDto.of(session));
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  endSession(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    return this.sessions.revoke(caller, id);
  }

  @Post('password')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  changePassword(
    @Caller() caller: Principal,
    @Body() body: ChangePasswordDto,
    @ClientAddress() origin: Origin,
  ): Promise<void> {
    return this.accounts.changePassword(caller, body.current_password, body.new_password, origin);
  }

  @Delete('account')
  @HttpCode(202)
  @ApiBearerAuth()
  async erase(
    @Caller() caller: Principal,
    @Body() body: EraseAccountDto,
    @ClientAddress() origin: Origin,
  ): Promise<void> {
    await this.accounts.erase(caller, body.password, origin);
  }

  @Public()
  @Get('.well-known/jwks.json')
  @ApiOkResponse({
    description: 'RFC 7517 key set; empty where tokens are signed with a shared secret',
    schema: {
      type: 'object',
      required: ['keys'],
      properties: { keys: { type: 'array', items: { type: 'object', additionalProperties: true } } },
    },
  })
  jwks(): { keys: JsonWebKey[] } {
    return this.tokens.jwks();
  }
}
