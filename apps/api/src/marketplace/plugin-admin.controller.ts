import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { AuditLog, Listings, PayoutDesk } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { AdminOnly, Caller } from '../edge/principal';
import { AdminActionsDto, PayoutRunDto, PayoutsDto, UnlistDto } from './admin.dto';
import { OkDto, PageQueryDto } from './catalogue.dto';

@ApiTags('administration')
@ApiBearerAuth()
@AdminOnly()
@Controller('admin')
export class PluginAdminController {
  constructor(
    private readonly listings: Listings,
    private readonly payouts: PayoutDesk,
    private readonly log: AuditLog,
  ) {}

  @Post('plugins/:id/unlist')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Takes a plugin out of the catalogue, or yanks one version',
    description:
      'In force at once: it is not found, installed or downloaded any more, not even by addresses given before.',
  })
  @ApiOkResponse({ type: OkDto })
  async unlist(@Caller() admin: Principal, @Param('id', IdPipe) id: string, @Body() body: UnlistDto): Promise<OkDto> {
    await (typeof body.version === 'string'
      ? this.listings.yank(admin, id, body.version)
      : this.listings.unlist(admin, id));
    return { ok: true };
  }

  @Post('plugins/:id/relist')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts an unlisted plugin back' })
  @ApiOkResponse({ type: OkDto })
  async relist(@Caller() admin: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.listings.relist(admin, id);
    return { ok: true };
  }

  @Post('payouts')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Pays developers what they have earned until the end of a month',
    description:
      'One transfer for each developer and period, however often it is run; a balance that is not positive, or that cannot be transferred yet, is carried over. The eighth of each month does the same for the month before.',
  })
  @ApiOkResponse({ type: PayoutsDto })
  async pay(@Caller() admin: Principal, @Body() body: PayoutRunDto): Promise<PayoutsDto> {
    return PayoutsDto.of(body.period, await this.payouts.run(admin, body.toPeriod()));
  }

  @Get('audit')
  @ApiOperation({ summary: 'What administrators did' })
  @ApiOkResponse({ type: AdminActionsDto })
  async audit(@Query() query: PageQueryDto): Promise<AdminActionsDto> {
    return AdminActionsDto.of(await this.log.list(query.toPage()), query.toPage().page);
  }
}
