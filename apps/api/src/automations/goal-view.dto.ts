import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import {
  CUSTODIES,
  GOAL_STATUSES,
  MISSED_POLICIES,
  type Ciphertext,
  type Goal,
  type GoalStatus,
  type MissedPolicy,
} from '@adiuva/automations';
import { TIME } from '../edge/body/fields';
import { ScheduleDto } from './schedule.dto';

const TEXT = {
  oneOf: [
    { type: 'string' },
    { type: 'object', required: ['ciphertext'], properties: { ciphertext: { type: 'string', format: 'byte' } } },
  ],
} satisfies ApiPropertyOptions;

export class LastRunDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  status!: string;

  @ApiProperty(TIME)
  created_at!: number;
}

export class GoalDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty(TEXT)
  title!: string | Ciphertext;

  @ApiProperty(TEXT)
  instructions!: string | Ciphertext;

  @ApiProperty({ type: String, nullable: true })
  agent!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  input!: Record<string, unknown>;

  @ApiProperty({ enum: GOAL_STATUSES })
  status!: GoalStatus;

  @ApiProperty({ enum: CUSTODIES })
  custody!: 'server' | 'device';

  @ApiProperty({ enum: MISSED_POLICIES })
  missed!: MissedPolicy;

  @ApiProperty()
  notify!: boolean;

  @ApiProperty({ type: [ScheduleDto] })
  schedules!: ScheduleDto[];

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Also the entity tag' })
  version!: number;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME)
  updated_at!: number;

  @ApiProperty({ ...TIME, nullable: true })
  next_run_at!: number | null;

  @ApiProperty({ type: LastRunDto, nullable: true })
  last_run!: LastRunDto | null;

  static of(goal: Goal): GoalDto {
    const { id, title, instructions, agent, status, missed, notify, version, lastRun } = goal;
    return {
      ...{ id, title, instructions, agent, status, missed, notify, version },
      input: { ...goal.input },
      custody: goal.custody,
      schedules: goal.schedules.map((schedule) => ScheduleDto.of(schedule)),
      created_at: goal.createdAt.getTime(),
      updated_at: goal.updatedAt.getTime(),
      next_run_at: goal.nextRunAt?.getTime() ?? null,
      last_run: lastRun && { id: lastRun.id, status: lastRun.status, created_at: lastRun.createdAt.getTime() },
    };
  }
}
