import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiServiceUnavailableResponse, ApiTags, ApiOperation } from '@nestjs/swagger';
import { Opaque, Public, Uncounted, type EdgeResponse } from '../edge/principal';
import { HealthDto, ReadinessDto } from './health.dto';
import { Readiness } from './readiness.service';

@ApiTags('health')
@Public()
@Uncounted()
// A few words of our own: nothing to look for, and a probe need not wait until the fingerprints of prompts are made.
@Opaque()
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get()
  @ApiOkResponse({ type: HealthDto })
  @ApiOperation({ summary: 'Liveness', description: 'Responds while the process runs; touches no dependency.' })
  getHealth(): HealthDto {
    return { status: 'ok', version: Readiness.version };
  }

  @Get('ready')
  @ApiOkResponse({ type: ReadinessDto })
  @ApiServiceUnavailableResponse({ type: ReadinessDto })
  @ApiOperation({
    summary: 'Readiness',
    description:
      'Checks database, blobs, vectors, models and jobs. 503 while one of them that chats or storage need is down, and during shutdown.',
  })
  async getReadiness(@Res({ passthrough: true }) response: EdgeResponse): Promise<ReadinessDto> {
    const report = await this.readiness.report();
    response.status(report.status === 'ready' ? 200 : 503);
    return report;
  }
}
