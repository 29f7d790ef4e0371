import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Principal } from '@adiuva/kernel';
import { DeadJobs, UserAdministration } from '@adiuva/billing';
import { JobAdministration } from '@adiuva/platform';
import { OkDto } from '../edge/ok.dto';
import { AdminOnly, Caller, IdempotencyKey } from '../edge/principal';
import { OverviewDto } from './overview.dto';

@ApiTags('administration')
@AdminOnly()
@Controller('admin')
export class OverviewController {
  constructor(
    private readonly users: UserAdministration,
    private readonly jobs: JobAdministration,
    private readonly deadJobs: DeadJobs,
  ) {}

  @Get('overview')
  @ApiOperation({
    summary: 'State of the installation',
    description: 'Counts of accounts and jobs, and the dead jobs.',
  })
  @ApiOkResponse({ type: OverviewDto })
  async getOverview(): Promise<OverviewDto> {
    return OverviewDto.of(await this.users.counts(), await this.jobs.overview());
  }

  @IdempotencyKey('atomic')
  @Post('jobs/:id/retry')
  @HttpCode(200)
  @ApiParam({ name: 'id', schema: { type: 'string', pattern: '^[0-9]{1,19}$' } })
  @ApiOperation({
    summary: 'Retry a dead job',
    description: 'The job starts again with all its attempts. 404 `not_found` for one that is not dead.',
  })
  @ApiOkResponse({ type: OkDto })
  async retryJob(@Caller() admin: Principal, @Param('id') id: string): Promise<OkDto> {
    await this.deadJobs.retry(admin, id);
    return { ok: true };
  }
}
