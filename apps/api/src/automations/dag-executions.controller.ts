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
  ApiPaymentRequiredResponse,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { DagExecutions } from '@adiuva/automations';
import { IdPipe } from '../edge/body/id.pipe';
import { Caller, IdempotencyKey, Opaque, type EdgeRequest, type EdgeResponse, RateGroup } from '../edge/principal';
import { RunEventStream } from '../runs/run-event-stream.service';
import { describePage } from '../edge/http/pagination-headers';
import {
  DagExecutionDto,
  ExecuteDagDto,
  ListExecutionsQuery,
  ResumeDagDto,
  StartedExecutionDto,
  SubStepDto,
} from './dag-execution.dto';

// Results are cleaned of prompts where they are made, with what the user has given for the run.
@ApiTags('dags')
@Opaque()
@Controller()
export class DagExecutionsController {
  constructor(
    private readonly executions: DagExecutions,
    private readonly streams: RunEventStream,
  ) {}

  @IdempotencyKey('atomic')
  @RateGroup('compute')
  @Post('execute-dag')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Execute a DAG',
    description:
      'The execution is a run of kind `dag`: cancel it and read its result by `/runs/{id}`. Independent nodes run in parallel.',
  })
  @ApiAcceptedResponse({ type: StartedExecutionDto })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required: the plan does not include the batch builder' })
  @ApiConflictResponse({ description: 'The DAG is not ready' })
  async executeDag(
    @Caller() owner: Principal,
    @Body() { dag_id, params = {} }: ExecuteDagDto,
  ): Promise<StartedExecutionDto> {
    return { execution_id: await this.executions.execute(owner, dag_id, params), status: 'queued' };
  }

  @IdempotencyKey('atomic')
  @RateGroup('compute')
  @Post('resume-dag/:executionId')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Resume the execution of a DAG',
    description:
      'Continues at what failed, or with the `answer` that it waits for. `from_node` makes a new execution (`forked_from`) that takes over the results of all nodes that do not depend on it.',
  })
  @ApiAcceptedResponse({ type: StartedExecutionDto })
  @ApiConflictResponse({ description: 'It neither failed nor waits, or its results are sealed to the devices' })
  async resumeDag(
    @Caller() owner: Principal,
    @Param('executionId', IdPipe) id: string,
    @Body() { from_node, answer }: ResumeDagDto,
  ): Promise<StartedExecutionDto> {
    const resumed = await this.executions.resume(owner, id, { fromNode: from_node, answer });
    return { execution_id: resumed.id, status: resumed.status };
  }

  @Get('dag-executions')
  @ApiOperation({
    summary: 'List executions, newest first',
    description: 'Filtered by DAG and status. `X-Total-Count` has the total.',
  })
  @ApiOkResponse({ type: [DagExecutionDto], headers: { 'X-Total-Count': { schema: { type: 'integer' } } } })
  async listDagExecutions(
    @Caller() owner: Principal,
    @Query() query: ListExecutionsQuery,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<DagExecutionDto[]> {
    const found = await this.executions.list(owner, { dagId: query.dag_id, status: query.status }, query);
    return describePage(request, response, query, found).items.map((execution) => DagExecutionDto.of(execution));
  }

  @Get('dag-executions/:id')
  @ApiOperation({ summary: 'Read an execution', description: 'Status, progress and the state of each node.' })
  @ApiOkResponse({ type: DagExecutionDto })
  async getDagExecution(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<DagExecutionDto> {
    return DagExecutionDto.of(await this.executions.get(owner, id));
  }

  @Get('dag-executions/:id/sub-steps')
  @ApiOperation({
    summary: 'List the steps of an execution',
    description: 'One for each node; input and output only while the server can read them.',
  })
  @ApiOkResponse({ type: [SubStepDto] })
  async listDagSubSteps(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<SubStepDto[]> {
    return (await this.executions.steps(owner, id)).map((step) => SubStepDto.of(step));
  }

  @Get('dag-executions/:id/events')
  @ApiOperation({
    summary: 'Follow an execution by server-sent events',
    description:
      'As the events of a run; those of steps also have `node`. `Last-Event-ID` continues after it, on any node of the server.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async streamDagExecutionEvents(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<StreamableFile> {
    return this.streams.open(
      owner,
      { runId: id, nodes: await this.executions.nodes(owner, id) },
      lastEventId,
      response,
    );
  }

  @Delete('dag-executions/:id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete an execution',
    description: 'With its steps, events and result; only one that has ended.',
  })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'The execution has not ended' })
  async deleteDagExecution(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.executions.delete(owner, id);
  }
}
