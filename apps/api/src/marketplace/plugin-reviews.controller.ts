import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Reviews } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { AdminOnly, Caller } from '../edge/principal';
import { DecidedDto, DecisionDto, ReviewDetailsDto, ReviewsDto } from './admin.dto';
import { OkDto, PageQueryDto } from './catalogue.dto';

const WHICH = "`id` is a review's, or a plugin's, which then stands for its oldest version that waits.";

@ApiTags('administration')
@ApiBearerAuth()
@AdminOnly()
@Controller('admin/plugins/reviews')
export class PluginReviewsController {
  constructor(private readonly reviews: Reviews) {}

  @Get()
  @ApiOperation({ summary: 'The review queue' })
  @ApiOkResponse({ type: ReviewsDto })
  async queue(@Query() query: PageQueryDto): Promise<ReviewsDto> {
    return ReviewsDto.of(await this.reviews.queue(query.toPage()), query.toPage().page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A submitted version with what the check found', description: WHICH })
  @ApiOkResponse({ type: ReviewDetailsDto })
  async get(@Caller() reviewer: Principal, @Param('id', IdPipe) id: string): Promise<ReviewDetailsDto> {
    return ReviewDetailsDto.of(await this.reviews.get(reviewer, id));
  }

  @Post(':id/claim')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Takes a review, for 30 minutes',
    description: 'Optional before a decision. 409 `conflict` while a colleague has it, 403 `forbidden` to the author.',
  })
  @ApiOkResponse({ type: OkDto })
  async claim(@Caller() reviewer: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.reviews.claim(reviewer, id);
    return { ok: true };
  }

  @Post(':id/release')
  @HttpCode(200)
  @ApiOperation({ summary: 'Puts a claimed review back into the queue' })
  @ApiOkResponse({ type: OkDto })
  async release(@Caller() reviewer: Principal, @Param('id', IdPipe) id: string): Promise<OkDto> {
    await this.reviews.release(reviewer, id);
    return { ok: true };
  }

  @Post(':id')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Decides a review',
    description: `${WHICH} The package is checked once more before an approval: 422 \`unprocessable\` lists what was found. 403 \`forbidden\` to the author, 409 \`conflict\` when it was decided or a colleague has it.`,
  })
  @ApiOkResponse({ type: DecidedDto })
  async decide(
    @Caller() reviewer: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: DecisionDto,
  ): Promise<DecidedDto> {
    await this.reviews.decide(reviewer, id, body.toDecision());
    return { ok: true, status: body.decision === 'approve' ? 'approved' : 'rejected' };
  }
}
