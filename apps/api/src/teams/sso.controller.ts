import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { SsoSettingsService } from '@adiuva/teams';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, NeedsVerifiedEmail } from '../edge/principal';
import { SsoSettingsDto, TeamSsoDto } from './sso.dto';

@ApiTags('teams')
@NeedsVerifiedEmail()
@Controller('teams/:id/sso')
export class SsoController {
  constructor(private readonly settings: SsoSettingsService) {}

  @Put()
  @ApiOkResponse({ type: TeamSsoDto })
  @ApiOperation({
    summary: 'Set single sign-on',
    description:
      'For the owner. Reads the metadata of the issuer and looks for the TXT record of each domain. 402 `upgrade_required` without a team subscription, 409 `conflict` for a domain that another team has proved.',
  })
  async putSso(
    @Caller() caller: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: SsoSettingsDto,
  ): Promise<TeamSsoDto> {
    return TeamSsoDto.of(await this.settings.put(caller, id, body.toSettings()));
  }

  @Get()
  @ApiOkResponse({ type: TeamSsoDto })
  @ApiOperation({
    summary: 'Read single sign-on',
    description: 'For the owner, without the client secret. Looks again for TXT records that were not found before.',
  })
  async getSso(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<TeamSsoDto> {
    return TeamSsoDto.of(await this.settings.get(caller, id));
  }

  @Delete()
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove single sign-on',
    description: 'For the owner. Accounts, memberships and sessions remain.',
  })
  deleteSso(@Caller() caller: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    return this.settings.delete(caller, id);
  }
}
