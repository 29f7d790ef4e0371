import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Reviews } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { AdminOnly, Caller, IdempotencyKey } from '../edge/principal';
import { DecidedDto, DecisionDto, ReviewDetailsDto, ReviewsDto } from './admin.dto';
import { OkDto } from '../edge/ok.dto';
import { PageQuery } from '../edge/http/page.dto';

@ApiTags('administration')
@AdminOnly()
@Controller('admin/plugins/reviews')
export class PluginReviewsController {
  constructor(private readonly reviews: Reviews) {}

  @Get()
  @ApiOperation({ summary: 'List open reviews', description: 'Submitted versions that wait for a decision.' })
  @ApiOkResponse({ type: ReviewsDto })
  async listReviews(@Query() query: PageQuery): Promise<ReviewsDto> {
    return ReviewsDto.of(await this.reviews.queue(query), query.page);
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Read a review',
    description:
      'A submitted version with the findings of the automatic check. `id` is that of a review, or of a plugin, which means its oldest version that waits.',
  })
  @ApiOkResponse({ type: ReviewDetailsDto })
  async getReview(@Caller() reviewer: Principal, @Param('id', IdPipe) id: string): Promise<ReviewDetailsDto> {
    return ReviewDetailsDto.of(await this.reviews.get(reviewer, id));
  }

  @IdempotencyKey('atomic')
  @Post(':id/claim')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Claim a review',
    description:
      'Reserves it for the caller for 30 minutes; optional before a decision. 409 `conflict` while another administrator has it, 403 `forbidden` for the author.',
  })
  @ApiOkResponse({ type: OkDto })
  async claimReview(@Caller() reviewer: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.reviews.claim(reviewer, id);
    return { ok: true };
  }

  @IdempotencyKey('atomic')
  @Post(':id/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Release a review', description: 'Returns a claimed review to the queue.' })
  @ApiOkResponse({ type: OkDto })
  async releaseReview(@Caller() reviewer: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.reviews.release(reviewer, id);
    return { ok: true };
  }

  @IdempotencyKey('atomic')
  @Post(':id')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Decide a review',
    description:
      '`id` is that of a review, or of a plugin, which means its oldest version that waits. The package is checked again before an approval: 422 `unprocessable` lists the findings. 403 `forbidden` for the author, 409 `conflict` when it is decided or claimed by another administrator.',
  })
  @ApiOkResponse({ type: DecidedDto })
  async decideReview(
    @Caller() reviewer: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: DecisionDto,
  ): Promise<DecidedDto> {
    await this.reviews.decide(reviewer, id, body.toDecision());
    return { ok: true, status: body.decision === 'approve' ? 'approved' : 'rejected' };
  }
}
