import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { TeamMembers, Teams } from '@adiuva/teams';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, NeedsVerifiedEmail } from '../edge/principal';
import { MemberRoleDto, TeamDto, TeamMemberDto, TeamNameDto } from './teams.dto';

@ApiTags('teams')
@NeedsVerifiedEmail()
@Controller('teams')
export class TeamsController {
  constructor(
    private readonly teams: Teams,
    private readonly members: TeamMembers,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @ApiCreatedResponse({ type: TeamDto })
  @ApiOperation({
    summary: 'Create the team',
    description:
      'One for each team subscription. 402 `upgrade_required` without a subscription of one’s own, 409 `conflict` for a user who is in a team.',
  })
  async createTeam(@Caller() caller: Principal, @Body() { name }: TeamNameDto): Promise<TeamDto> {
    return TeamDto.of(await this.teams.create(caller, name));
  }

  @Get('mine')
  @ApiOkResponse({ type: TeamDto })
  @ApiOperation({ summary: 'Read the team of the caller', description: 'As owner or as member; 404 without a team.' })
  async getMyTeam(@Caller() caller: Principal): Promise<TeamDto> {
    return TeamDto.of(await this.teams.mine(caller));
  }

  @Patch(':id')
  @ApiOkResponse({ type: TeamDto })
  @ApiOperation({ summary: 'Rename the team', description: 'For the owner and administrators of the team.' })
  async renameTeam(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { name }: TeamNameDto,
  ): Promise<TeamDto> {
    return TeamDto.of(await this.teams.rename(caller, id, name));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete the team',
    description: 'For the owner. Members are on their own tier within 5 seconds; their data remains.',
  })
  deleteTeam(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    return this.teams.delete(caller, id);
  }

  @Get(':id/members')
  @ApiOkResponse({ type: [TeamMemberDto] })
  @ApiOperation({ summary: 'List members', description: 'Without the owner, in the order in which they joined.' })
  async listTeamMembers(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<TeamMemberDto[]> {
    return (await this.members.list(caller, id)).map((member) => TeamMemberDto.of(member));
  }

  @Get(':id/members/:userId')
  @ApiOkResponse({ type: TeamMemberDto })
  @ApiOperation({ summary: 'Read a member', description: 'For everyone in the team.' })
  async getTeamMember(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Param('userId', IdPipe) userId: string,
  ): Promise<TeamMemberDto> {
    return TeamMemberDto.of(await this.members.get(caller, id, userId));
  }

  @Patch(':id/members/:userId')
  @ApiOkResponse({ type: TeamMemberDto })
  @ApiOperation({
    summary: 'Change the role of a member',
    description: 'For the owner and administrators of the team.',
  })
  async changeTeamRole(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Param('userId', IdPipe) userId: string,
    @Body() { role }: MemberRoleDto,
  ): Promise<TeamMemberDto> {
    return TeamMemberDto.of(await this.members.changeRole(caller, id, userId, role));
  }

  @Delete(':id/members/:userId')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a member',
    description: 'Frees the seat; the member is on their own tier within 5 seconds. Members may remove themselves.',
  })
  removeTeamMember(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Param('userId', IdPipe) userId: string,
  ): Promise<void> {
    return this.members.remove(caller, id, userId);
  }
}
