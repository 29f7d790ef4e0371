import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsObject, IsOptional } from 'class-validator';
import {
  CUSTODIES,
  GOAL_STATUSES,
  MISSED_POLICIES,
  type Ciphertext,
  type GoalChange,
  type GoalPlanRequest,
  type GoalStatus,
  type MissedPolicy,
  type NewGoal,
} from '@adiuva/automations';
import { BooleanField, EnumField, ListField, ObjectField, StringField } from '../edge/body/fields';
import { TextOrCiphertext } from './text-or-ciphertext';
import { HasLetter } from './has-letter';
import { NewScheduleDto } from './schedule.dto';
import { PageQuery } from '../edge/http/page.dto';

const TITLE_MAX = 200;
const INSTRUCTIONS_MAX = 16_000;
const MAX_SCHEDULES = 10;
const PLAN_TEXT_MAX = 16_000;
const TIMEZONE_MAX = 64;
const MAX_RECENT_TASKS = 500;
const AGENT_NAME = /^[a-z][a-z0-9_]{2,62}$/;

class GoalFieldsDto {
  @StringField({
    optional: true,
    nullable: true,
    pattern: AGENT_NAME,
    description: 'Without one the agents are chosen by the instructions',
  })
  agent?: string | null;

  @ObjectField({ optional: true, description: 'Data that read tools look in; without it they ask a device' })
  input?: Record<string, unknown>;

  @ListField(NewScheduleDto, { optional: true, maxItems: MAX_SCHEDULES })
  schedules?: NewScheduleDto[];

  @EnumField(CUSTODIES, {
    optional: true,
    default: 'server',
    description: 'Who can read the content. With `device` it is encrypted by a device, which lends a key for each run',
  })
  custody?: 'server' | 'device';

  @EnumField(MISSED_POLICIES, {
    optional: true,
    default: 'run_once',
    description: 'One run for all slots that were missed, or none',
  })
  missed?: MissedPolicy;

  @BooleanField({ optional: true, default: false })
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

  @EnumField(GOAL_STATUSES, { optional: true })
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
  @EnumField(GOAL_STATUSES, { optional: true })
  status?: GoalStatus;
}

export class RunGoalDto {
  @ObjectField({ optional: true, description: 'Replaces the input of the goal for this run' })
  input?: Record<string, unknown>;
}

export class PlanGoalDto {
  @StringField({
    minLength: 1,
    maxLength: PLAN_TEXT_MAX,
    description: 'The goal in the words of the user, with a letter at least',
  })
  @HasLetter()
  text!: string;

  @StringField({ minLength: 1, maxLength: TIMEZONE_MAX, description: 'IANA name' })
  timezone!: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    maxItems: MAX_RECENT_TASKS,
    description: 'Records of the table tasks; `status`, `title` and `completed_at` show habits and what exists already',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_RECENT_TASKS)
  @IsObject({ each: true })
  recent_tasks?: Record<string, unknown>[];

  toRequest(): GoalPlanRequest {
    return { text: this.text, timezone: this.timezone, recentTasks: this.recent_tasks ?? [] };
  }
}

export class StartedRunDto {
  @ApiProperty({ format: 'uuid' })
  run_id!: string;

  @ApiProperty({ enum: ['queued'] })
  status!: 'queued';
}
