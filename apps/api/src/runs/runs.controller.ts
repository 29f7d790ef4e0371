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
  ApiConflictResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { RunKeys, Runs } from '@adiuva/runs';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, Opaque, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { describePage } from '../edge/http/pagination-headers';
import {
  AcknowledgeActionsDto,
  ListRunsQuery,
  PendingActionsDto,
  ResumeRunDto,
  RunDto,
  RunKeyDto,
  RunStateDto,
  StepDto,
} from './run.dto';
import { RunOutputDto } from './run-output.dto';
import { RunEventStream } from './run-event-stream.service';

// Results are cleaned of prompts where they are made, with what the user has given for the run.
@ApiTags('runs')
@Opaque()
@Controller('runs')
export class RunsController {
  constructor(
    private readonly runs: Runs,
    private readonly keys: RunKeys,
    private readonly streams: RunEventStream,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'List runs',
    description: 'Newest first, filtered by status, goal or kind. `X-Total-Count` has the total.',
  })
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
  @ApiOperation({
    summary: 'Read a run',
    description: 'Status, what it waits for, progress, usage and error. An error has a code and no content.',
  })
  @ApiOkResponse({ type: RunDto })
  async getRun(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<RunDto> {
    return RunDto.of(await this.runs.get(owner, id));
  }

  @Get(':id/steps')
  @ApiOperation({
    summary: 'List the steps of a run',
    description: 'Input and output are present only while the server can read them, that is until the run ends.',
  })
  @ApiOkResponse({ type: [StepDto] })
  async listRunSteps(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<StepDto[]> {
    return (await this.runs.steps(owner, id)).map((step) => StepDto.of(step));
  }

  @Get(':id/output')
  @ApiOperation({
    summary: 'Read the result of a run',
    description: 'Plain, or sealed to the devices of the user when some were registered as the run ended.',
  })
  @ApiOkResponse({ type: RunOutputDto })
  @ApiConflictResponse({ description: 'The run has no result' })
  async getRunOutput(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<RunOutputDto> {
    return RunOutputDto.of(await this.runs.output(owner, id));
  }

  @Get(':id/events')
  @ApiOperation({
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
    return this.streams.open(owner, { runId: id }, lastEventId, response);
  }

  @IdempotencyKey('atomic')
  @Post(':id/actions/ack')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Confirm actions',
    description: 'Says that the app has carried out actions of the result; returns how many are pending.',
  })
  @ApiOkResponse({ type: PendingActionsDto })
  async acknowledgeRunActions(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { action_ids }: AcknowledgeActionsDto,
  ): Promise<PendingActionsDto> {
    return { pending: await this.runs.acknowledge(owner, id, action_ids) };
  }

  @IdempotencyKey('atomic')
  @Post(':id/key')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Lend the key of a run',
    description:
      'For a run with `custody: device` that waits for it. One process has the key, in memory alone, until the run ends. When that process dies, the run waits again.',
  })
  @ApiAcceptedResponse({ type: RunStateDto })
  @ApiConflictResponse({ description: 'The run does not wait for a key' })
  async lendRunKey(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { key }: RunKeyDto,
  ): Promise<RunStateDto> {
    await this.keys.lend(owner, id, Buffer.from(key, 'base64'));
    return { run_id: id, status: (await this.runs.get(owner, id)).status };
  }

  @IdempotencyKey('atomic')
  @Post(':id/cancel')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Cancel a run',
    description: 'What it executes is aborted within 500 ms; a later result changes nothing.',
  })
  @ApiAcceptedResponse({ type: RunStateDto })
  @ApiConflictResponse({ description: 'The run has ended' })
  async cancelRun(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<RunStateDto> {
    return this.runs.cancel(owner, id).then(() => ({ run_id: id, status: 'cancelled' }));
  }

  @IdempotencyKey('atomic')
  @Post(':id/resume')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Resume a run',
    description:
      'Continues a failed run at the step that failed, or a waiting run with the answer: an answer to a failed run is refused. Finished steps are not repeated.',
  })
  @ApiAcceptedResponse({ type: RunStateDto })
  @ApiConflictResponse({ description: 'The run neither failed nor waits, or has failed and there is an answer' })
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
  @ApiOperation({
    summary: 'Delete a run',
    description: 'With its steps, events and result; only a run that has ended.',
  })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'The run has not ended' })
  async deleteRun(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.runs.delete(owner, id);
  }
}
