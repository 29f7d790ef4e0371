import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Developers, EarningsReport } from '@adiuva/marketplace';
import { Caller, IdempotencyKey } from '../edge/principal';
import { EarningsDto, OnboardingDto, PeriodQueryDto } from './earnings.dto';

@ApiTags('marketplace')
@Controller('developer')
export class DeveloperController {
  constructor(
    private readonly developers: Developers,
    private readonly earnings: EarningsReport,
  ) {}

  @Get('earnings')
  @ApiOperation({
    summary: 'Earnings of a month',
    description: 'Sales of the plugins of the caller. 70 % of a sale is the share of the developer, in whole cents.',
  })
  @ApiOkResponse({ type: EarningsDto })
  async getEarnings(@Caller() author: Principal, @Query() query: PeriodQueryDto): Promise<EarningsDto> {
    return EarningsDto.of(await this.earnings.of(author, query.toPeriod()));
  }

  @IdempotencyKey('repeatable')
  @Post('onboarding')
  @HttpCode(200)
  @ApiOperation({ summary: 'Start payout onboarding', description: 'Returns the address of a Stripe Connect page.' })
  @ApiOkResponse({ type: OnboardingDto })
  async createOnboarding(@Caller() author: Principal): Promise<OnboardingDto> {
    return { onboarding_url: await this.developers.onboard(author) };
  }
}
