import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import type { MailLanguage } from '@adiuva/mail';
import { TeamInvites, Teams } from '@adiuva/teams';
import { IdPipe } from '../edge/body/id.pipe';
import { ClientLanguage } from '../edge/http/client-language';
import { Caller, IdempotencyKey, NeedsVerifiedEmail } from '../edge/principal';
import { NewInviteDto, TeamDto, TeamInviteDto } from './teams.dto';

@ApiTags('teams')
@NeedsVerifiedEmail()
@Controller()
export class InvitesController {
  constructor(
    private readonly invites: TeamInvites,
    private readonly teams: Teams,
  ) {}

  @Get('teams/:id/invites')
  @ApiOkResponse({ type: [TeamInviteDto] })
  @ApiOperation({ summary: 'List open invites', description: 'For the owner and administrators of the team.' })
  async listInvites(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<TeamInviteDto[]> {
    return (await this.invites.list(caller, id)).map((invite) => TeamInviteDto.of(invite));
  }

  @IdempotencyKey('atomic')
  @Post('teams/:id/invites')
  @ApiCreatedResponse({ type: TeamInviteDto })
  @ApiOperation({
    summary: 'Invite to the team',
    description:
      'Mails a link of 7 days, used once. The response does not depend on whether the address has an account.',
  })
  async createInvite(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Body() invite: NewInviteDto,
    @ClientLanguage() language: MailLanguage,
  ): Promise<TeamInviteDto> {
    return TeamInviteDto.of(await this.invites.create(caller, id, invite, language));
  }

  @Delete('teams/:id/invites/:inviteId')
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraw an invite', description: 'Its link is void afterwards.' })
  deleteInvite(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Param('inviteId', IdPipe) inviteId: string,
  ): Promise<void> {
    return this.invites.delete(caller, id, inviteId);
  }

  @IdempotencyKey('atomic')
  @Post('invites/:token/accept')
  @HttpCode(200)
  @ApiOkResponse({ type: TeamDto })
  @ApiOperation({
    summary: 'Accept an invite',
    description:
      'Takes a seat. 409 `no_seat` while none is free: the link stays valid. 409 `conflict` for a user who is in a team.',
  })
  async acceptInvite(@Caller() caller: Principal, @Param('token') token: string): Promise<TeamDto> {
    return TeamDto.of(await this.teams.get(caller, await this.invites.accept(caller, token)));
  }
}
