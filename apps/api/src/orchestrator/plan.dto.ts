import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';
import { STEP_ACTIONS, type ExecutionPlan, type Playbook, type PlanStep } from '@adiuva/orchestrator';
import { ObjectField } from '../edge/body/fields';

/** Room for a long e-mail or a few notes as variables of one step. */
export const STEP_BODY_MAX_BYTES = 512 * 1024;

export class PlanStepDto {
  @ApiProperty({
    enum: STEP_ACTIONS,
    description: '`run_prompt` is POST /plans/steps; the rest the client carries out itself',
  })
  action!: PlanStep['action'];

  @ApiProperty({ type: String, nullable: true, description: 'The id of a template, for `run_prompt`' })
  prompt_template!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  variables!: Readonly<Record<string, unknown>>;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    minimum: 0,
    description: 'The earlier step, counted from 0, whose outcome this one gets as its variable `data`',
  })
  data_from_step!: number | null;

  static of({ action, promptTemplate, variables, dataFromStep }: PlanStep): PlanStepDto {
    return { action, prompt_template: promptTemplate, variables, data_from_step: dataFromStep };
  }
}

export class ExecutionPlanDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  agent!: string;

  @ApiProperty({ type: [PlanStepDto] })
  steps!: PlanStepDto[];

  static of({ id, agent, steps }: ExecutionPlan): ExecutionPlanDto {
    return { id, agent, steps: steps.map((step) => PlanStepDto.of(step)) };
  }
}

export class PlaybookDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty()
  description!: string;

  @ApiProperty()
  agent!: string;

  @ApiProperty({ type: [String], description: 'What the user gives; `{{name}}` in a step stands for it' })
  inputs!: string[];

  @ApiProperty({ type: [PlanStepDto] })
  steps!: PlanStepDto[];

  static of({ id, name, description, agent, inputs, steps }: Playbook): PlaybookDto {
    return { id, name, description, agent, inputs: [...inputs], steps: steps.map((step) => PlanStepDto.of(step)) };
  }
}

export class RunStepDto {
  @ApiProperty({ maxLength: 128, description: 'The id of a template' })
  @IsString()
  @Length(1, 128)
  prompt_template!: string;

  @ObjectField({ description: 'The variables of the template; 512 KiB in all' })
  variables!: Record<string, unknown>;
}

export class StepOutputDto {
  @ApiProperty()
  output!: string;
}
