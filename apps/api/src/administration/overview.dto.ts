import { ApiProperty } from '@nestjs/swagger';
import type { JobsOverview } from '@adiuva/platform';
import type { UserCounts } from '@adiuva/billing';

export class DeadJobDto {
  @ApiProperty({ pattern: '^[0-9]{1,19}$', description: 'For `POST /admin/jobs/{id}/retry`' })
  id!: string;

  @ApiProperty()
  name!: string;

  @ApiProperty({ type: 'integer' })
  attempts!: number;

  @ApiProperty({ type: String, nullable: true, description: 'The class of the last error' })
  error!: string | null;

  @ApiProperty({ type: 'integer', description: 'Milliseconds since 1970' })
  failed_at!: number;
}

export class UserCountsDto {
  @ApiProperty({ type: 'integer' })
  total!: number;

  @ApiProperty({ type: 'integer' })
  disabled!: number;

  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  by_tier!: Record<string, number>;

  @ApiProperty({ type: 'integer', description: 'With a session that was refreshed within 30 days' })
  active!: number;
}

export class QueueDto {
  @ApiProperty({ type: 'integer', description: 'Due, and not yet taken by a worker' })
  due!: number;

  @ApiProperty({ type: 'integer', description: 'For later, retries included' })
  scheduled!: number;

  @ApiProperty({ type: 'integer' })
  running!: number;

  @ApiProperty({ type: 'integer' })
  dead!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Seconds for which the oldest due job waits' })
  oldest_s!: number | null;
}

export class OverviewDto {
  @ApiProperty({ type: UserCountsDto })
  users!: UserCountsDto;

  @ApiProperty({ type: QueueDto })
  queue!: QueueDto;

  @ApiProperty({ type: [DeadJobDto], description: 'The last 100, newest first' })
  dead_jobs!: DeadJobDto[];

  static of(
    { total, disabled, byTier, active }: UserCounts,
    { deadJobs, oldestSeconds, ...queue }: JobsOverview,
  ): OverviewDto {
    return {
      users: { total, disabled, by_tier: { ...byTier }, active },
      queue: { ...queue, oldest_s: oldestSeconds },
      dead_jobs: deadJobs.map(({ id, name, attempts, error, failedAt }) => {
        return { id, name, attempts, error, failed_at: failedAt.getTime() };
      }),
    };
  }
}
