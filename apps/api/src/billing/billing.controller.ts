import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TIERS, type Principal } from '@adiuva/kernel';
import { Billing } from '@adiuva/billing';
import { Caller, Public } from '../edge/principal';
import {
  CheckoutDto,
  CheckoutPageDto,
  DoneDto,
  PortalPageDto,
  SubscriptionDto,
  TierDto,
  TiersDto,
} from './billing.dto';

@ApiTags('billing')
@Controller('billing')
export class BillingController {
  constructor(private readonly billing: Billing) {}

  @Post('checkout')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'A page where a tier is paid',
    description:
      'Only the last page of a user stays open. 409 `conflict` when there is a subscription already: plan and seats are then changed in the portal. 501 `not_configured` names the setting that is missing.',
  })
  @ApiOkResponse({ type: CheckoutPageDto })
  async checkout(@Caller() buyer: Principal, @Body() body: CheckoutDto): Promise<CheckoutPageDto> {
    return { checkout_url: await this.billing.checkout(buyer, body.tier, body.seats ?? 1) };
  }

  @Post('portal')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: 'A page where cards, plan and seats are changed',
    description: '404 `not_found` for who has never bought anything.',
  })
  @ApiOkResponse({ type: PortalPageDto })
  async portal(@Caller() caller: Principal): Promise<PortalPageDto> {
    return { portal_url: await this.billing.portal(caller) };
  }

  @Get('subscription')
  @ApiBearerAuth()
  @ApiOkResponse({ type: SubscriptionDto })
  async subscription(@Caller() caller: Principal): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.billing.subscription(caller));
  }

  @Delete('subscription')
  @HttpCode(200)
  @ApiBearerAuth()
  @ApiOperation({
    summary: "Cancels at the period's end",
    description: 'The tier stays until then. 404 `not_found` where there is no subscription.',
  })
  @ApiOkResponse({ type: DoneDto })
  async cancel(@Caller() caller: Principal): Promise<DoneDto> {
    await this.billing.cancel(caller);
    return { ok: true };
  }

  @Public()
  @Get('tiers')
  @ApiOkResponse({ type: TiersDto, description: 'The feature matrix and prices' })
  tiers(): TiersDto {
    return { tiers: TIERS.map((tier) => TierDto.of(tier)) };
  }
}
