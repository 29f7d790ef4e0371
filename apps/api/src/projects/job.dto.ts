import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { z } from 'zod';
import { PROJECT_AGENTS, type Job, type JobInput, type ProjectAgent, type StartedJob } from '@adiuva/projects';
import { EnumField, IntegerField, StringField, TIME } from '../edge/body/fields';
import { MatchesShape } from '../edge/body/matches-shape';
import { RunDto, RunErrorDto } from '../runs/run.dto';
import { RunOutputDto } from '../runs/run-output.dto';
import { UUID } from '@adiuva/kernel';

export const INPUT_MAX_BYTES = 262_144;
const INPUT_MAX_LEVELS = 8;
const MAX_JOBS = 100;
const JOB_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;
const TIME_OR_NULL = { ...TIME, nullable: true } as const;

const InputShape = z
  .record(z.string(), z.unknown())
  .refine((input) => levelsOf(input) <= INPUT_MAX_LEVELS, { message: `has more than ${INPUT_MAX_LEVELS} levels` })
  .refine((input) => Buffer.byteLength(JSON.stringify(input)) <= INPUT_MAX_BYTES, { message: 'has more than 256 KiB' });

export class RunAgentDto {
  @StringField({ format: 'uuid', pattern: UUID })
  project_id!: string;

  @EnumField(PROJECT_AGENTS)
  agent_type!: ProjectAgent;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: `What the agent is asked; at most 256 KiB and ${INPUT_MAX_LEVELS} levels`,
  })
  @MatchesShape(InputShape)
  input_context!: JobInput;
}

export class StartedJobDto {
  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  @ApiProperty({ enum: ['queued'] })
  status!: 'queued';

  @ApiProperty({ type: 'integer', minimum: 1, description: 'Seconds that jobs of this agent took lately' })
  estimated_time!: number;

  static of({ id, estimatedSeconds }: StartedJob): StartedJobDto {
    return { job_id: id, status: 'queued', estimated_time: estimatedSeconds };
  }
}

export class ListJobsQuery {
  @IntegerField({ optional: true, minimum: 1, maximum: MAX_JOBS, default: 50 })
  @Type(() => Number)
  limit: number = 50;
}

export class FindingDto {
  @ApiProperty()
  path!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  line!: number;

  @ApiProperty({ enum: ['error', 'warning'] })
  severity!: string;

  @ApiProperty()
  rule!: string;

  @ApiProperty()
  message!: string;
}

export class FileChangeDto {
  @ApiProperty()
  path!: string;

  @ApiProperty({ enum: ['created', 'updated', 'deleted'] })
  change!: string;
}

export class JobResultDto extends RunOutputDto {
  @ApiPropertyOptional({ type: [FileChangeDto], description: 'What the job has written' })
  changes?: FileChangeDto[];

  @ApiPropertyOptional({ type: [FindingDto], description: 'What the checks found' })
  findings?: FindingDto[];

  @ApiPropertyOptional()
  requirements_updated?: boolean;
}

export class JobDto {
  @ApiProperty({ format: 'uuid' })
  job_id!: string;

  @ApiProperty({ format: 'uuid' })
  project_id!: string;

  @ApiProperty({ enum: PROJECT_AGENTS })
  agent_type!: ProjectAgent;

  @ApiProperty({ enum: PROJECT_AGENTS, description: 'Whose models the job uses' })
  model_role!: ProjectAgent;

  @ApiProperty({ enum: JOB_STATUSES })
  status!: (typeof JOB_STATUSES)[number];

  @ApiProperty({ type: 'integer', minimum: 0, maximum: 100, description: 'Steps that have ended, in percent' })
  progress!: number;

  @ApiProperty({ type: JobResultDto, nullable: true, description: 'Null until the job is completed' })
  result!: JobResultDto | null;

  @ApiProperty({ type: RunErrorDto, nullable: true })
  error!: RunErrorDto | null;

  @ApiProperty(TIME)
  created_at!: number;

  @ApiProperty(TIME_OR_NULL)
  started_at!: number | null;

  @ApiProperty(TIME_OR_NULL)
  completed_at!: number | null;

  static of({ run, projectId, agent, result }: Job): JobDto {
    const output = result && 'output' in result ? result.output : undefined;
    const details = typeof output?.result === 'object' ? output.result : {};
    return {
      job_id: run.id,
      project_id: projectId,
      agent_type: agent,
      model_role: agent,
      status: run.status === 'waiting' ? 'running' : run.status,
      progress: run.progress,
      result: result && { ...RunOutputDto.of(result), ...details },
      error: RunDto.of(run).error ?? null,
      created_at: run.createdAt.getTime(),
      started_at: run.startedAt?.getTime() ?? null,
      completed_at: run.endedAt?.getTime() ?? null,
    };
  }
}

export class JobListDto {
  @ApiProperty({ format: 'uuid' })
  project_id!: string;

  @ApiProperty({ type: 'integer', minimum: 0 })
  count!: number;

  @ApiProperty({ type: [JobDto] })
  jobs!: JobDto[];
}

/** Objects and lists inside each other; not recursive, because the input is not trusted. */
function levelsOf(value: unknown): number {
  let level = 0;
  let open = [value].filter(isContainer);
  while (open.length > 0 && level <= INPUT_MAX_LEVELS) {
    level += 1;
    open = open.flatMap((container) => Object.values<unknown>({ ...container })).filter(isContainer);
  }
  return level;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
