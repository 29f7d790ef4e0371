import { applyDecorators, Body, Controller, Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { AuthorPlugins, Submissions, type Submission } from '@adiuva/marketplace';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, ReadsParts, StreamedBody } from '../edge/principal';
import { OwnPluginsDto, SubmissionDto, SubmittedDto } from './authors.dto';
import { PageQuery } from '../edge/http/page.dto';
import { SubmissionInterceptor } from './submission.interceptor';

const TakesSubmission = () =>
  applyDecorators(
    StreamedBody(),
    ReadsParts(),
    UseInterceptors(SubmissionInterceptor),
    ApiConsumes('multipart/form-data'),
    ApiBody({ type: SubmissionDto }),
  );

/** The author's side of the marketplace; any signed-in user may publish. */
@ApiTags('marketplace')
@Controller('plugins')
export class SubmissionsController {
  constructor(
    private readonly submissions: Submissions,
    private readonly own: AuthorPlugins,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @TakesSubmission()
  @ApiOperation({
    summary: 'Submit a plugin',
    description:
      'A manifest and a zip package for review. 400 `validation_failed` lists the findings of the check: each entry of `errors` has `rule`, and `file` and `line` where they apply.',
  })
  @ApiCreatedResponse({ type: SubmittedDto })
  async submitPlugin(@Caller() author: Principal, @Body() body: Submission): Promise<SubmittedDto> {
    return SubmittedDto.of(await this.submissions.submit(author, body));
  }

  @Get('mine')
  @ApiOperation({
    summary: 'List own plugins',
    description: 'Plugins of the caller with the states of their versions and the reasons of reviewers.',
  })
  @ApiOkResponse({ type: OwnPluginsDto })
  async listOwnPlugins(@Caller() author: Principal, @Query() query: PageQuery): Promise<OwnPluginsDto> {
    return OwnPluginsDto.of(await this.own.list(author, query), query.page);
  }

  @IdempotencyKey('atomic')
  @Post(':id/versions')
  @TakesSubmission()
  @ApiOperation({
    summary: 'Submit a new version',
    description:
      'A new version of a plugin of the caller, for review. 400 `validation_failed` lists the findings of the check. 409 `conflict` unless the version is greater by semver than every one that was not rejected.',
  })
  @ApiCreatedResponse({ type: SubmittedDto })
  async submitPluginVersion(
    @Caller() author: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: Submission,
  ): Promise<SubmittedDto> {
    return SubmittedDto.of(await this.submissions.submitVersion(author, id, body));
  }
}
