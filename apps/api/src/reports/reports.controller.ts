import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IdempotencyKey, JsonLimit, RateGroup } from '../edge/principal';
import { ReportDto, ReportRequestDto } from './report.dto';

const MAX_BYTES = 2 * 1024 * 1024;

@ApiTags('agents')
@Controller('reports')
export class ReportsController {
  @IdempotencyKey('read')
  @RateGroup('compute')
  @JsonLimit(MAX_BYTES)
  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Compute a report',
    description:
      'The week, the workload or the trends of eight weeks, computed without a model and without the clock: the same input gives the same bytes. Nothing is stored.',
  })
  @ApiOkResponse({ type: ReportDto })
  createReport(@Body() body: ReportRequestDto): ReportDto {
    return ReportDto.of(body);
  }
}
