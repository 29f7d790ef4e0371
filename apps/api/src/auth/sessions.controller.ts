import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { SessionRefresh, Sessions, type Origin } from '@adiuva/auth';
import { IdPipe } from '../edge/body/id.pipe';
import { ClientAddress } from '../edge/http/client-address';
import { Caller, IdempotencyKey, Public } from '../edge/principal';
import { AuthTokensDto, RefreshDto, SessionDto } from './auth.dto';

@ApiTags('auth')
@Controller('auth')
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly refreshes: SessionRefresh,
  ) {}

  @Public()
  @IdempotencyKey('unstored')
  @Post('refresh')
  @HttpCode(200)
  @ApiOkResponse({ type: AuthTokensDto })
  @ApiOperation({
    summary: 'Exchange a refresh token',
    description:
      'The presented token is spent. Presented again after the grace of 10 seconds, it revokes its whole session.',
  })
  async refreshTokens(@Body() body: RefreshDto, @ClientAddress() origin: Origin): Promise<AuthTokensDto> {
    return AuthTokensDto.of(await this.refreshes.refresh(body.refresh_token, origin.address));
  }

  @Public()
  @IdempotencyKey('unstored')
  @Post('logout')
  @HttpCode(204)
  @ApiOperation({
    summary: 'End the session of a refresh token',
    description: 'Access tokens and sockets of the session end within 5 seconds.',
  })
  logout(@Body() body: RefreshDto, @ClientAddress() origin: Origin): Promise<void> {
    return this.sessions.logout(body.refresh_token, origin.address);
  }

  @Get('sessions')
  @ApiOkResponse({ type: [SessionDto] })
  @ApiOperation({
    summary: 'List sessions',
    description: 'The signed-in devices of the user; `current` marks the one that asks.',
  })
  async listSessions(@Caller() caller: Principal): Promise<SessionDto[]> {
    return (await this.sessions.list(caller)).map((session) => SessionDto.of(session));
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a session', description: 'Its access tokens and sockets end within 5 seconds.' })
  endSession(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    return this.sessions.revoke(caller, id);
  }
}
