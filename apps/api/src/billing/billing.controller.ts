import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TIERS, type Principal } from '@adiuva/kernel';
import { Billing } from '@adiuva/billing';
import { OkDto } from '../edge/ok.dto';
import { Caller, IdempotencyKey, NeedsVerifiedEmail, Public } from '../edge/principal';
import { LockedFeatures } from './locked-features.service';
import { CheckoutDto, CheckoutPageDto, PortalPageDto, SubscriptionDto, TierDto, TiersDto } from './billing.dto';

@ApiTags('billing')
@Controller('billing')
export class BillingController {
  constructor(
    private readonly billing: Billing,
    private readonly lockedFeatures: LockedFeatures,
  ) {}

  @IdempotencyKey('repeatable')
  @NeedsVerifiedEmail()
  @Post('checkout')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Start a checkout',
    description:
      'Returns the address of a Stripe page on which the tier is paid. Only the last page of a user stays open. 409 `conflict` while a subscription exists: plan and seats are then changed in the portal. 501 `not_configured` names the missing setting.',
  })
  @ApiOkResponse({ type: CheckoutPageDto })
  async createCheckout(@Caller() buyer: Principal, @Body() body: CheckoutDto): Promise<CheckoutPageDto> {
    return { checkout_url: await this.billing.checkout(buyer, body.tier, body.seats ?? 1) };
  }

  @IdempotencyKey('unstored')
  @Post('portal')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Open the billing portal',
    description:
      'Returns the address of a Stripe page on which cards, plan and seats are changed. 404 `not_found` for a user without any purchase.',
  })
  @ApiOkResponse({ type: PortalPageDto })
  async createPortalSession(@Caller() caller: Principal): Promise<PortalPageDto> {
    return { portal_url: await this.billing.portal(caller) };
  }

  @Get('subscription')
  @ApiOkResponse({ type: SubscriptionDto })
  @ApiOperation({
    summary: 'Read the subscription',
    description:
      'Tier, status, seats, period and features. `locked` names what exceeds the tier after a downgrade: all data remains and can be read and deleted.',
  })
  async getSubscription(@Caller() caller: Principal): Promise<SubscriptionDto> {
    return SubscriptionDto.of(await this.billing.subscription(caller), await this.lockedFeatures.of(caller));
  }

  @Get('status')
  @ApiOkResponse({ type: SubscriptionDto })
  @ApiOperation({ summary: 'Read the subscription (alias)', description: 'The same as `GET /billing/subscription`.' })
  getBillingStatus(@Caller() caller: Principal): Promise<SubscriptionDto> {
    return this.getSubscription(caller);
  }

  @Delete('subscription')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Cancel the subscription',
    description: 'The tier remains until the end of the paid period. 404 `not_found` without a subscription.',
  })
  @ApiOkResponse({ type: OkDto })
  async cancelSubscription(@Caller() caller: Principal): Promise<OkDto> {
    await this.billing.cancel(caller);
    return { ok: true };
  }

  @Public()
  @Get('tiers')
  @ApiOkResponse({ type: TiersDto, description: 'The feature matrix and prices' })
  @ApiOperation({ summary: 'List tiers', description: 'Prices in cents and the feature matrix; -1 is unlimited.' })
  listTiers(): TiersDto {
    return { tiers: TIERS.map((tier) => TierDto.of(tier)) };
  }
}
