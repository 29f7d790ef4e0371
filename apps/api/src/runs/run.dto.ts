import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, Matches } from 'class-validator';
import { Problem, PROBLEM_CODES, UUID } from '@adiuva/kernel';
import { RUN_KINDS, RUN_STATUSES, type Run, type RunKind, type RunStatus, type RunStep } from '@adiuva/runs';
import { EnumField, StringField, TIME } from '../edge/body/fields';
import { UsageDto } from '../chat/chat-answer.dto';
import { PageQuery } from '../edge/http/page.dto';

const MAX_ACTIONS = 10_000;
const TIME_OR_NULL = { ...TIME, type: 'integer', nullable: true } as const;
const WAIT_REASONS = ['device', 'approval', 'time'];
const STEP_STATUSES = ['blocked', 'ready', 'running', 'waiting', 'done', 'failed', 'skipped', 'cancelled'];

const KEY = /^[A-Za-z0-9+/]{43}=$/;

export class ListRunsQuery extends PageQuery {
  @EnumField(RUN_STATUSES, { optional: true })
  status?: RunStatus;

  @StringField({ optional: true, format: 'uuid', pattern: UUID })
  goal_id?: string;

  @EnumField(RUN_KINDS, { optional: true })
  kind?: RunKind;
}

export class RunErrorDto {
  @ApiProperty({ description: 'A code of the problem table' })
  code!: string;

  @ApiProperty()
  title!: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'The step that failed' })
  step?: string;
}

export class RunDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiPropertyOptional({ format: 'uuid' })
  goal_id?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  dag_id?: string;

  @ApiProperty({ enum: RUN_KINDS })
  kind!: RunKind;

  @ApiProperty({ enum: RUN_STATUSES })
  status!: RunStatus;

  @ApiPropertyOptional({ enum: WAIT_REASONS, description: 'Only while the status is waiting' })
  waiting_for?: string;

  @ApiProperty({
    enum: ['server', 'device'],
    description:
      'With `device` the run waits for `POST /runs/:id/key` before it starts, and after its process has died',
  })
  custody!: 'server' | 'device';

  @ApiProperty({ enum: ['manual', 'schedule', 'api'] })
  trigger!: string;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, description: 'Percentage of steps that have ended' })
  progress!: number;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Counts up with each resume after a failure' })
  attempt!: number;

  @ApiProperty({ type: UsageDto })
  usage!: UsageDto;

  @ApiPropertyOptional({ type: RunErrorDto, description: 'Only while the status is failed' })
  error?: RunErrorDto;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty({ ...TIME_OR_NULL })
  started_at!: number | null;

  @ApiProperty({ ...TIME_OR_NULL })
  ended_at!: number | null;

  static of(run: Run): RunDto {
    return {
      id: run.id,
      ...(run.goalId === null ? {} : { goal_id: run.goalId }),
      ...(run.dagId === null ? {} : { dag_id: run.dagId }),
      kind: run.kind,
      status: run.status,
      ...(run.waitingFor === null ? {} : { waiting_for: run.waitingFor }),
      custody: run.custody,
      trigger: run.trigger,
      progress: run.progress,
      attempt: run.attempt,
      usage: { input_tokens: run.usage.inputTokens, output_tokens: run.usage.outputTokens },
      ...(run.error === null
        ? {}
        : { error: { ...errorOf(run.error.code), ...(run.error.step === null ? {} : { step: run.error.step }) } }),
      created_at: run.createdAt.getTime(),
      started_at: run.startedAt?.getTime() ?? null,
      ended_at: run.endedAt?.getTime() ?? null,
    };
  }
}

export class StepDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  index!: number;

  @ApiProperty()
  name!: string;

  @ApiProperty({ enum: ['model', 'tool', 'agent', 'wait'] })
  kind!: string;

  @ApiProperty({ enum: STEP_STATUSES })
  status!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  attempts!: number;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'While the server can read it' })
  input?: unknown;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'While the server can read it' })
  output?: unknown;

  @ApiPropertyOptional({ type: RunErrorDto })
  error?: RunErrorDto;

  @ApiProperty({ ...TIME_OR_NULL })
  started_at!: number | null;

  @ApiProperty({ ...TIME_OR_NULL })
  ended_at!: number | null;

  static of(step: RunStep): StepDto {
    return {
      id: step.id,
      index: step.index,
      name: step.name,
      kind: step.kind,
      status: step.status,
      attempts: step.attempts,
      ...(step.input === undefined || step.input === null ? {} : { input: step.input }),
      ...(step.output === null ? {} : { output: step.output }),
      ...(step.errorCode === null ? {} : { error: errorOf(step.errorCode) }),
      started_at: step.startedAt?.getTime() ?? null,
      ended_at: step.endedAt?.getTime() ?? null,
    };
  }
}

export class AcknowledgeActionsDto {
  @ApiProperty({ type: [String], format: 'uuid', minItems: 1, maxItems: MAX_ACTIONS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_ACTIONS)
  @Matches(UUID, { each: true })
  action_ids!: string[];
}

export class PendingActionsDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'Actions that the app has not carried out' })
  pending!: number;
}

export class ResumeRunDto {
  @ApiPropertyOptional({
    description: 'For a run that waits; a run that failed needs none',
    type: 'object',
    additionalProperties: true,
  })
  @IsOptional()
  @Allow()
  answer?: unknown;
}

export class RunKeyDto {
  @ApiProperty({ format: 'byte', minLength: 44, maxLength: 44, description: 'The 32-byte key of the goal, in base64' })
  @IsString()
  @Matches(KEY)
  key!: string;
}

export class RunStateDto {
  @ApiProperty({ format: 'uuid' })
  run_id!: string;

  @ApiProperty({ enum: RUN_STATUSES })
  status!: RunStatus;
}

function errorOf(code: string): { code: string; title: string } {
  const known = PROBLEM_CODES.find((name) => name === code) ?? 'internal_error';
  return { code, title: new Problem(known).title };
}
