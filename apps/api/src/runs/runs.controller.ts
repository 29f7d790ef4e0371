import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
  Res,
  type StreamableFile,
} from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiConflictResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { Runs } from '@adiuva/runs';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, Opaque, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { describePage } from '../storage/pagination-headers';
import {
  AcknowledgeActionsDto,
  ListRunsQuery,
  PendingActionsDto,
  ResumeRunDto,
  RunDto,
  RunOutputDto,
  RunStateDto,
  StepDto,
} from './run.dto';
import { RunEventStream } from './run-event-stream.service';

// Results are cleaned of prompts where they are made, with what the user has given for the run.
@ApiTags('runs')
@ApiBearerAuth()
@Opaque()
@Controller('runs')
export class RunsController {
  constructor(
    private readonly runs: Runs,
    private readonly streams: RunEventStream,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listRuns', summary: 'List runs, newest first' })
  @ApiOkResponse({ type: [RunDto], headers: { 'X-Total-Count': { schema: { type: 'integer' } } } })
  async listRuns(
    @Caller() owner: Principal,
    @Query() query: ListRunsQuery,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<RunDto[]> {
    const { status, goal_id: goalId, kind } = query;
    const found = await this.runs.list(owner, { status, goalId, kind }, query);
    return describePage(request, response, query, found).items.map((run) => RunDto.of(run));
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getRun', summary: 'Get a run' })
  @ApiOkResponse({ type: RunDto })
  async getRun(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<RunDto> {
    return RunDto.of(await this.runs.get(owner, id));
  }

  @Get(':id/steps')
  @ApiOperation({ operationId: 'listRunSteps', summary: 'List the steps of a run' })
  @ApiOkResponse({ type: [StepDto] })
  async listRunSteps(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<StepDto[]> {
    return (await this.runs.steps(owner, id)).map((step) => StepDto.of(step));
  }

  @Get(':id/output')
  @ApiOperation({ operationId: 'getRunOutput', summary: 'Get the result of a run, plain or sealed to the devices' })
  @ApiOkResponse({ type: RunOutputDto })
  @ApiConflictResponse({ description: 'The run has no result' })
  async getRunOutput(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<RunOutputDto> {
    return RunOutputDto.of(await this.runs.output(owner, id));
  }

  @Get(':id/events')
  @ApiOperation({
    operationId: 'streamRunEvents',
    summary: 'Follow a run by server-sent events',
    description:
      'Events `run.status`, `step.started`, `step.completed`, `step.failed`, `progress` and `output`. `id` counts from 1 without a hole; ' +
      '`Last-Event-ID` continues after it, on any node. The stream ends after the final status.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  streamRunEvents(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<StreamableFile> {
    return this.streams.open(owner, id, lastEventId, response);
  }

  @Post(':id/actions/ack')
  @HttpCode(200)
  @ApiOperation({ operationId: 'acknowledgeRunActions', summary: 'Confirm that the app has carried out actions' })
  @ApiOkResponse({ type: PendingActionsDto })
  async acknowledgeRunActions(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { action_ids }: AcknowledgeActionsDto,
  ): Promise<PendingActionsDto> {
    return { pending: await this.runs.acknowledge(owner, id, action_ids) };
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({ operationId: 'cancelRun', summary: 'Cancel a run; what it executes is aborted' })
  @ApiAcceptedResponse({ type: RunStateDto })
  @ApiConflictResponse({ description: 'The run has ended' })
  async cancelRun(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<RunStateDto> {
    return this.runs.cancel(owner, id).then(() => ({ run_id: id, status: 'cancelled' }));
  }

  @Post(':id/resume')
  @HttpCode(202)
  @ApiOperation({ operationId: 'resumeRun', summary: 'Continue a run that failed, or that waits for an answer' })
  @ApiAcceptedResponse({ type: RunStateDto })
  @ApiConflictResponse({ description: 'The run neither failed nor waits' })
  async resumeRun(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { answer }: ResumeRunDto,
  ): Promise<RunStateDto> {
    await (answer === undefined ? this.runs.retry(owner, id) : this.runs.answer(owner, id, answer));
    return { run_id: id, status: (await this.runs.get(owner, id)).status };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteRun', summary: 'Delete a run that has ended, with its steps and result' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'The run has not ended' })
  async deleteRun(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.runs.delete(owner, id);
  }
}
