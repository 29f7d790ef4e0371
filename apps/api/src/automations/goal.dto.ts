import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import {
  CUSTODIES,
  GOAL_STATUSES,
  MISSED_POLICIES,
  SCHEDULE_KINDS,
  type Ciphertext,
  type GoalChange,
  type GoalStatus,
  type MissedPolicy,
  type NewGoal,
  type NewSchedule,
  type Schedule,
  type ScheduleKind,
} from '@adiuva/automations';
import { TextOrCiphertext } from './text-or-ciphertext';
import { PageQuery } from '../runs/run.dto';

const TITLE_MAX = 200;
const INSTRUCTIONS_MAX = 16_000;
const EXPRESSION_MAX = 500;
const TIMEZONE_MAX = 64;
const MAX_SCHEDULES = 10;
const MAX_PREVIEW = 50;
const MAX_TIME = 8_640_000_000_000_000;
const AGENT_NAME = /^[a-z][a-z0-9_]{2,62}$/;
const TIME = { type: 'integer', format: 'int64', description: 'Milliseconds since the Unix epoch' } as const;

/** A rule that says when something happens. */
export class ScheduleRuleDto {
  @ApiProperty({ enum: SCHEDULE_KINDS })
  @IsIn(SCHEDULE_KINDS)
  kind!: ScheduleKind;

  @ApiProperty({
    minLength: 1,
    maxLength: EXPRESSION_MAX,
    description: 'Five cron fields; an RRULE of RFC 5545, whose DTSTART is `starts_at`; or a time of ISO 8601',
  })
  @IsString()
  @Length(1, EXPRESSION_MAX)
  expression!: string;

  @ApiProperty({ minLength: 1, maxLength: TIMEZONE_MAX, description: 'IANA name' })
  @IsString()
  @Length(1, TIMEZONE_MAX)
  timezone!: string;

  @ApiPropertyOptional({ ...TIME, minimum: 0, maximum: MAX_TIME })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
  starts_at?: number;

  @ApiPropertyOptional({ ...TIME, minimum: 0, maximum: MAX_TIME })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_TIME)
  ends_at?: number;
}

export class NewScheduleDto extends ScheduleRuleDto {
  @ApiPropertyOptional({ default: true })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  toSchedule(): NewSchedule {
    return {
      kind: this.kind,
      expression: this.expression,
      timezone: this.timezone,
      enabled: this.enabled ?? true,
      startsAt: typeof this.starts_at === 'number' ? new Date(this.starts_at) : null,
      endsAt: typeof this.ends_at === 'number' ? new Date(this.ends_at) : null,
    };
  }
}

export class PreviewScheduleDto extends ScheduleRuleDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PREVIEW, default: 5 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PREVIEW)
  count?: number;
}

export class SchedulePreviewDto {
  @ApiProperty({ type: [Number], description: 'Milliseconds since the Unix epoch' })
  occurrences!: number[];
}

class GoalFieldsDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    pattern: AGENT_NAME.source,
    description: 'Without one the agents are chosen by the instructions',
  })
  @IsOptional()
  @IsString()
  @Matches(AGENT_NAME)
  agent?: string | null;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Data that read tools look in; without it they ask a device',
  })
  @IsOptional()
  @IsObject()
  input?: Record<string, unknown>;

  @ApiPropertyOptional({ type: [NewScheduleDto], maxItems: MAX_SCHEDULES })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_SCHEDULES)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => NewScheduleDto)
  schedules?: NewScheduleDto[];

  @ApiPropertyOptional({
    enum: CUSTODIES,
    default: 'server',
    description: 'Who can read the content. With `device` it is encrypted by a device, which lends a key for each run',
  })
  @IsOptional()
  @IsIn(CUSTODIES)
  custody?: 'server' | 'device';

  @ApiPropertyOptional({
    enum: MISSED_POLICIES,
    default: 'run_once',
    description: 'One run for all slots that were missed, or none',
  })
  @IsOptional()
  @IsIn(MISSED_POLICIES)
  missed?: MissedPolicy;

  @ApiPropertyOptional({ default: false })
  @IsOptional()
  @IsBoolean()
  notify?: boolean;
}

export class NewGoalDto extends GoalFieldsDto {
  @TextOrCiphertext(TITLE_MAX)
  title!: string | Ciphertext;

  @TextOrCiphertext(INSTRUCTIONS_MAX)
  instructions!: string | Ciphertext;

  toGoal(): NewGoal {
    return {
      title: this.title,
      instructions: this.instructions,
      agent: this.agent ?? null,
      custody: this.custody ?? 'server',
      input: this.input ?? {},
      missed: this.missed ?? 'run_once',
      notify: this.notify ?? false,
      schedules: (this.schedules ?? []).map((schedule) => schedule.toSchedule()),
    };
  }
}

export class ChangeGoalDto extends GoalFieldsDto {
  @TextOrCiphertext(TITLE_MAX, { optional: true })
  title?: string | Ciphertext;

  @TextOrCiphertext(INSTRUCTIONS_MAX, { optional: true })
  instructions?: string | Ciphertext;

  @ApiPropertyOptional({ enum: GOAL_STATUSES })
  @IsOptional()
  @IsIn(GOAL_STATUSES)
  status?: GoalStatus;

  toChange(): GoalChange {
    return {
      ...(this.title ? { title: this.title } : {}),
      ...(this.instructions ? { instructions: this.instructions } : {}),
      ...(this.agent === undefined ? {} : { agent: this.agent }),
      ...(this.input ? { input: this.input } : {}),
      ...(this.custody ? { custody: this.custody } : {}),
      ...(this.missed ? { missed: this.missed } : {}),
      ...(typeof this.notify === 'boolean' ? { notify: this.notify } : {}),
      ...(this.status ? { status: this.status } : {}),
      ...(this.schedules ? { schedules: this.schedules.map((schedule) => schedule.toSchedule()) } : {}),
    };
  }
}

export class ListGoalsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: GOAL_STATUSES })
  @IsOptional()
  @IsIn(GOAL_STATUSES)
  status?: GoalStatus;
}

export class RunGoalDto {
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Replaces the input of the goal for this run',
  })
  @IsOptional()
  @IsObject()
  input?: Record<string, unknown>;
}

export class StartedRunDto {
  @ApiProperty({ format: 'uuid' })
  run_id!: string;

  @ApiProperty({ enum: ['queued'] })
  status!: 'queued';
}

export class ScheduleDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: SCHEDULE_KINDS })
  kind!: ScheduleKind;

  @ApiProperty()
  expression!: string;

  @ApiProperty()
  timezone!: string;

  @ApiProperty()
  enabled!: boolean;

  @ApiProperty(TIME)
  starts_at!: number;

  @ApiProperty({ ...TIME, nullable: true })
  ends_at!: number | null;

  @ApiProperty({ ...TIME, nullable: true })
  next_run_at!: number | null;

  static of(schedule: Schedule): ScheduleDto {
    const { id, kind, expression, timezone, enabled } = schedule;
    return {
      ...{ id, kind, expression, timezone, enabled },
      starts_at: schedule.startsAt.getTime(),
      ends_at: schedule.endsAt?.getTime() ?? null,
      next_run_at: schedule.nextRunAt?.getTime() ?? null,
    };
  }
}
