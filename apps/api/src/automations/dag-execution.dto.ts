import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Allow, IsOptional } from 'class-validator';
import { RUN_STATUSES, type RunStatus, type RunStep } from '@adiuva/runs';
import type { DagExecution } from '@adiuva/automations';
import { EnumField, ObjectField, StringField } from '../edge/body/fields';
import { RunDto, StepDto } from '../runs/run.dto';
import { PageQuery } from '../edge/http/page.dto';
import { UUID } from '@adiuva/kernel';

export class ExecuteDagDto {
  @StringField({ format: 'uuid', pattern: UUID })
  dag_id!: string;

  @ObjectField({ optional: true, description: 'Replace the defaults of the DAG' })
  params?: Record<string, unknown>;
}

export class ResumeDagDto {
  @StringField({
    optional: true,
    minLength: 1,
    maxLength: 64,
    description: 'Makes a new execution, which executes this node and all that depends on it again',
  })
  from_node?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'For an execution that waits' })
  @IsOptional()
  @Allow()
  answer?: unknown;
}

export class StartedExecutionDto {
  @ApiProperty({ format: 'uuid' })
  execution_id!: string;

  @ApiProperty({ enum: RUN_STATUSES })
  status!: RunStatus;
}

export class ListExecutionsQuery extends PageQuery {
  @StringField({ optional: true, format: 'uuid', pattern: UUID })
  dag_id?: string;

  @EnumField(RUN_STATUSES, { optional: true })
  status?: RunStatus;
}

export class SubStepDto extends StepDto {
  @ApiProperty({ description: 'The id of the node' })
  node!: string;

  static override of(step: RunStep): SubStepDto {
    return { node: step.key ?? '', ...StepDto.of(step) };
  }
}

export class DagExecutionDto extends OmitType(RunDto, ['goal_id', 'dag_id'] as const) {
  @ApiProperty({ format: 'uuid', nullable: true, type: String })
  dag_id!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'The version of the DAG that it executes' })
  dag_version!: number | null;

  @ApiPropertyOptional({ format: 'uuid', description: 'The execution whose results it has taken over' })
  forked_from?: string;

  @ApiProperty({ type: [SubStepDto], description: 'Without inputs and outputs' })
  sub_steps!: SubStepDto[];

  static of(execution: DagExecution): DagExecutionDto {
    return {
      ...RunDto.of(execution),
      dag_id: execution.dagId,
      dag_version: execution.dagVersion,
      ...(execution.forkedFrom === null ? {} : { forked_from: execution.forkedFrom }),
      sub_steps: execution.steps.map((step) => SubStepDto.of(step)),
    };
  }
}
