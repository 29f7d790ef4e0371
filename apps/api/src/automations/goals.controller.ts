import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiPaymentRequiredResponse,
  ApiPreconditionFailedResponse,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { GoalPlans, Goals } from '@adiuva/automations';
import { IdPipe } from '../edge/body/id.pipe';
import { ifMatch, withVersionTag } from '../edge/http/conditional-request';
import { Caller, IdempotencyKey, Opaque, RateGroup, type EdgeRequest, type EdgeResponse } from '../edge/principal';
import { describePage } from '../edge/http/pagination-headers';
import { GoalDto } from './goal-view.dto';
import { ChangeGoalDto, ListGoalsQuery, NewGoalDto, PlanGoalDto, RunGoalDto, StartedRunDto } from './goal.dto';

// Answers have nothing but what the user has written.
@ApiTags('goals')
@Opaque()
@Controller('goals')
export class GoalsController {
  constructor(
    private readonly goals: Goals,
    private readonly plans: GoalPlans,
  ) {}

  @IdempotencyKey('atomic')
  @Post()
  @ApiOperation({
    summary: 'Create a goal, with schedules or without',
    description:
      'Title, instructions and input are sealed under the key of the user. The number of active goals depends on the plan.',
  })
  @ApiCreatedResponse({ type: GoalDto })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required: the plan has fewer active goals, or not this agent' })
  @ApiConflictResponse({ description: 'conflict: there are 1,000 goals already' })
  @ApiUnprocessableEntityResponse({ description: 'invalid_schedule: `errors` and `position` say where' })
  async createGoal(
    @Caller() owner: Principal,
    @Body() body: NewGoalDto,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<GoalDto> {
    return withVersionTag(response, GoalDto.of(await this.goals.create(owner, body.toGoal())));
  }

  @Get()
  @ApiOperation({
    summary: 'List goals, newest first',
    description: '`X-Total-Count` and `Link` describe the pages.',
  })
  @ApiOkResponse({ type: [GoalDto], headers: { 'X-Total-Count': { schema: { type: 'integer' } } } })
  async listGoals(
    @Caller() owner: Principal,
    @Query() query: ListGoalsQuery,
    @Req() request: EdgeRequest,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<GoalDto[]> {
    const found = await this.goals.list(owner, query.status, query);
    return describePage(request, response, query, found).items.map((goal) => GoalDto.of(goal));
  }

  @Get(':id')
  @ApiOperation({
    summary: 'Get a goal',
    description: 'With its schedules, the next slot and the latest run. The `ETag` is the version.',
  })
  @ApiOkResponse({ type: GoalDto })
  async getGoal(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<GoalDto> {
    return withVersionTag(response, GoalDto.of(await this.goals.get(owner, id)));
  }

  @Patch(':id')
  @ApiOperation({
    summary: 'Change a goal; `schedules` replaces the list',
    description:
      'Only the fields that are sent change. `If-Match` refuses a change that was made from another version. A goal that is not active has no next slots.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOkResponse({ type: GoalDto })
  @ApiPreconditionFailedResponse({ description: 'The goal has another version' })
  async updateGoal(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() body: ChangeGoalDto,
    @Headers('if-match') match: string | undefined,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): Promise<GoalDto> {
    return withVersionTag(response, GoalDto.of(await this.goals.change(owner, id, body.toChange(), ifMatch(match))));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Delete a goal with its schedules, runs and results',
    description: 'What runs is cancelled.',
  })
  async deleteGoal(@Caller() owner: Principal, @Param('id', IdPipe) id: string): Promise<void> {
    await this.goals.delete(owner, id);
  }

  @IdempotencyKey('atomic')
  @Post('plan')
  @RateGroup('compute')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Plan a goal in words',
    description:
      'The coach: a run of kind `dag` whose output has actions that create tasks, with `recurrence` where they repeat, and `schedules` for reminders. Nothing is created until the app carries the actions out.',
  })
  @ApiAcceptedResponse({ type: StartedRunDto })
  async planGoal(@Caller() owner: Principal, @Body() body: PlanGoalDto): Promise<StartedRunDto> {
    return { run_id: await this.plans.start(owner, body.toRequest()), status: 'queued' };
  }

  @IdempotencyKey('atomic')
  @Post(':id/run')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Run a goal now',
    description: 'The run is queued; `input` replaces that of the goal. Follow it by `GET /runs/{id}/events`.',
  })
  @ApiAcceptedResponse({ type: StartedRunDto })
  async runGoal(
    @Caller() owner: Principal,
    @Param('id', IdPipe) id: string,
    @Body() { input }: RunGoalDto,
  ): Promise<StartedRunDto> {
    return { run_id: await this.goals.run(owner, id, input), status: 'queued' };
  }
}
