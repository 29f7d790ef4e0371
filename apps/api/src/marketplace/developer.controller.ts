import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Developers, EarningsReport } from '@adiuva/marketplace';
import { Caller } from '../edge/principal';
import { EarningsDto, OnboardingDto, PeriodQueryDto } from './earnings.dto';

@ApiTags('marketplace')
@ApiBearerAuth()
@Controller('developer')
export class DeveloperController {
  constructor(
    private readonly developers: Developers,
    private readonly earnings: EarningsReport,
  ) {}

  @Get('earnings')
  @ApiOperation({ summary: "The caller's sales of a month; 70 % of a sale is the developer's, in whole cents" })
  @ApiOkResponse({ type: EarningsDto })
  async month(@Caller() author: Principal, @Query() query: PeriodQueryDto): Promise<EarningsDto> {
    return EarningsDto.of(await this.earnings.of(author, query.toPeriod()));
  }

  @Post('onboarding')
  @HttpCode(200)
  @ApiOperation({ summary: 'A page of Stripe Connect where the caller says where his earnings go' })
  @ApiOkResponse({ type: OnboardingDto })
  async onboard(@Caller() author: Principal): Promise<OnboardingDto> {
    return { onboarding_url: await this.developers.onboard(author) };
  }
}
