import { ApiProperty } from '@nestjs/swagger';
import { GOAL_STATUSES, MISSED_POLICIES, type Goal, type GoalStatus, type MissedPolicy } from '@adiuva/automations';
import { ScheduleDto } from './goal.dto';

const TIME = { type: 'integer', format: 'int64', description: 'Milliseconds since the Unix epoch' } as const;

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

  @ApiProperty()
  title!: string;

  @ApiProperty()
  instructions!: string;

  @ApiProperty({ type: String, nullable: true })
  agent!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  input!: Record<string, unknown>;

  @ApiProperty({ enum: GOAL_STATUSES })
  status!: GoalStatus;

  @ApiProperty({ enum: ['server'] })
  custody!: 'server';

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
      custody: 'server',
      schedules: goal.schedules.map((schedule) => ScheduleDto.of(schedule)),
      created_at: goal.createdAt.getTime(),
      updated_at: goal.updatedAt.getTime(),
      next_run_at: goal.nextRunAt?.getTime() ?? null,
      last_run: lastRun && { id: lastRun.id, status: lastRun.status, created_at: lastRun.createdAt.getTime() },
    };
  }
}
