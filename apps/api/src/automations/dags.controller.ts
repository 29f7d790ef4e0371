import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { DAG_PLAYBOOKS, DagCreation, Dags } from '@adiuva/automations';
import { IdPipe } from '../edge/body/id.pipe';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { Caller, IdempotencyKey, Opaque, type EdgeRequest, type EdgeResponse, RateGroup } from '../edge/principal';
import { describePage } from '../edge/http/pagination-headers';
import { DagPlaybookDto } from './dag-playbook.dto';
import { ChangeDagDto, CreateDagDto, DagDto, ListDagsQuery } from './dag.dto';

// Answers have what the user has written, and nodes of a planner, which are cleaned of prompts where they are made.
@ApiTags('dags')
@Opaque()
@Controller()
export class DagsController {
  constructor(
    private readonly dags: Dags,
    private readonly creation: DagCreation,
  ) {}

  @IdempotencyKey('atomic')
  @RateGroup('compute')
  @Post('create-dag')
  @ApiOperation({
    summary: 'Create a DAG',
    description:
      'From `title` and `nodes`, from a `playbook`, or from a text: `goal_text` is turned into nodes by the planner model, or without a model by its clauses. ' +
      'Title, nodes and parameters are sealed.',
  })
  @ApiCreatedResponse({ type: DagDto })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required: the plan does not include the batch builder' })
  @ApiConflictResponse({ description: 'conflict: there are 1,000 DAGs already' })
  @ApiUnprocessableEntityResponse({ description: 'invalid_dag: `nodes` names the nodes, `errors` the fields' })
  async createDag(
    @Caller() owner: Principal,
    @Body() body: CreateDagDto,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<DagDto> {
    return DagDto.of(await this.creation.create(owner, body.toSource(), gone));
  }

  @Get('playbooks')
  @ApiOperation({
    summary: 'List playbooks of DAGs',
    description: 'DAGs for what many people do often. `POST /create-dag` takes `{playbook, params}`.',
  })
  @ApiOkResponse({ type: [DagPlaybookDto] })
  listDagPlaybooks(): DagPlaybookDto[] {
    return DAG_PLAYBOOKS.map((playbook) => DagPlaybookDto.of(playbook));
  }

  @Get('dags')
  @ApiOperation({ summary: 'List DAGs, newest first', description: '`X-Total-Count` and `Link` describe the pages.' })
  @ApiOkResponse({ type: [DagDto], headers: { 'X-Total-Count': { schema: { type: 'integer' } } } })
  async listDags(
    @Caller() owner: Principal,
    @Query() query: ListDagsQuery,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<DagDto[]> {
    const found = await this.dags.list(owner, query.status, query);
    return describePage(request, response, query, found).items.map((dag) => DagDto.of(dag));
  }

  @Get('dags/:id')
  @ApiOperation({ summary: 'Read a DAG', description: 'Its nodes and parameters as they are now.' })
  @ApiOkResponse({ type: DagDto })
  async getDag(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<DagDto> {
    return DagDto.of(await this.dags.get(owner, id));
  }

  @Patch('dags/:id')
  @ApiOperation({
    summary: 'Change a DAG',
    description:
      'A change of nodes or parameters makes a new version; executions keep the one that they were started with.',
  })
  @ApiOkResponse({ type: DagDto })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required: the plan does not include the batch builder' })
  @ApiUnprocessableEntityResponse({ description: 'invalid_dag: `nodes` names the nodes, `errors` the fields' })
  async updateDag(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeDagDto,
  ): Promise<DagDto> {
    return DagDto.of(await this.dags.change(owner, id, body.toChange()));
  }

  @Delete('dags/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a DAG', description: 'Only one without executions.' })
  @ApiNoContentResponse()
  @ApiConflictResponse({ description: 'The DAG has executions' })
  async deleteDag(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.dags.delete(owner, id);
  }
}
