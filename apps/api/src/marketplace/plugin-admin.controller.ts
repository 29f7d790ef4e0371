import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Listings, Payouts } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { AdminOnly, Caller, IdempotencyKey } from '../edge/principal';
import { PayoutRunDto, PayoutsDto, UnlistDto } from './admin.dto';
import { OkDto } from '../edge/ok.dto';

@ApiTags('administration')
@AdminOnly()
@Controller('admin')
export class PluginAdminController {
  constructor(
    private readonly listings: Listings,
    private readonly payouts: Payouts,
  ) {}

  @IdempotencyKey('atomic')
  @Post('plugins/:id/unlist')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Unlist a plugin',
    description:
      'Removes a plugin from the catalogue, or yanks one version. It takes effect immediately, also for download addresses that were issued before.',
  })
  @ApiOkResponse({ type: OkDto })
  async unlistPlugin(
    @Caller() admin: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: UnlistDto,
  ): Promise<OkDto> {
    await (typeof body.version === 'string'
      ? this.listings.yank(admin, id, body.version)
      : this.listings.unlist(admin, id));
    return { ok: true };
  }

  @IdempotencyKey('atomic')
  @Post('plugins/:id/relist')
  @HttpCode(200)
  @ApiOperation({ summary: 'Relist a plugin', description: 'Returns an unlisted plugin to the catalogue.' })
  @ApiOkResponse({ type: OkDto })
  async relistPlugin(@Caller() admin: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.listings.relist(admin, id);
    return { ok: true };
  }

  @IdempotencyKey('repeatable')
  @Post('payouts')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Pay developers',
    description:
      'One transfer for each developer and period, however often it is run. A balance that is not positive, or that cannot be transferred yet, is carried over. A job does the same on the eighth of each month for the month before.',
  })
  @ApiOkResponse({ type: PayoutsDto })
  async runPayouts(@Caller() admin: Principal, @Body() body: PayoutRunDto): Promise<PayoutsDto> {
    return PayoutsDto.of(body.period, await this.payouts.runByAdmin(admin, body.toPeriod()));
  }
}
