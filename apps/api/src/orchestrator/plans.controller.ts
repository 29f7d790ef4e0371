import { Body, Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiHeader,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiPaymentRequiredResponse,
  ApiResponse,
  ApiTags,
  ApiOperation,
} from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { PlanSteps, PlaybookRegistry } from '@adiuva/orchestrator';
import { ClientAbortSignal } from '../edge/http/client-abort';
import { withContentTag } from '../edge/http/conditional-request';
import { Caller, IdempotencyKey, JsonLimit, type EdgeResponse, RateGroup } from '../edge/principal';
import { PlaybookDto, RunStepDto, STEP_BODY_MAX_BYTES, StepOutputDto } from './plan.dto';

@ApiTags('chat')
@Controller('plans')
export class PlansController {
  constructor(
    private readonly playbooks: PlaybookRegistry,
    private readonly steps: PlanSteps,
  ) {}

  @Get('playbook')
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiOkResponse({ type: [PlaybookDto], description: 'The playbooks of the caller’s tier, with an ETag' })
  @ApiResponse({ status: 304, description: 'Nothing has changed' })
  @ApiOperation({ summary: 'List playbooks', description: 'The execution plans that the tier of the user includes.' })
  listPlaybooks(
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): PlaybookDto[] | undefined {
    return withContentTag(
      response,
      this.playbooks.of(caller).map((playbook) => PlaybookDto.of(playbook)),
    );
  }

  @Get('playbook/:id')
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiOkResponse({ type: PlaybookDto })
  @ApiResponse({ status: 304, description: 'Nothing has changed' })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required: a playbook of a higher tier' })
  @ApiNotFoundResponse({ description: 'There is no such playbook' })
  @ApiOperation({
    summary: 'Read a playbook',
    description: 'One execution plan; its prompt templates are referenced by name only.',
  })
  getPlaybook(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Res({ passthrough: true }) response: EdgeResponse,
  ): PlaybookDto | undefined {
    return withContentTag(response, PlaybookDto.of(this.playbooks.named(caller, id)));
  }

  @IdempotencyKey('computed')
  @RateGroup('compute')
  @Post('steps')
  @HttpCode(200)
  @JsonLimit(STEP_BODY_MAX_BYTES)
  @ApiOkResponse({ type: StepOutputDto })
  @ApiPaymentRequiredResponse({ description: 'upgrade_required, or quota_exceeded for the tokens of the month' })
  @ApiNotFoundResponse({ description: 'There is no such template' })
  @ApiOperation({
    summary: 'Run a model step of a plan',
    description:
      'Fills the variables into a prompt template, which never leaves the server, and returns the output of the model.',
  })
  async runPlanStep(
    @Caller() caller: Principal,
    @Body() body: RunStepDto,
    @ClientAbortSignal() gone: AbortSignal,
  ): Promise<StepOutputDto> {
    return { output: await this.steps.run(caller, body.prompt_template, body.variables, gone) };
  }
}
