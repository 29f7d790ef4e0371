import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import { SchedulePreview } from '@adiuva/automations';
import { IdempotencyKey } from '../edge/principal';
import { PreviewScheduleDto, SchedulePreviewDto } from './schedule.dto';

const DEFAULT_COUNT = 5;

@ApiTags('goals')
@Controller('schedules')
export class SchedulesController {
  constructor(private readonly preview: SchedulePreview) {}

  @IdempotencyKey('read')
  @Post('preview')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Compute the next occurrences of a schedule',
    description: 'Nothing is stored. Occurrences are read on the wall clock of the time zone; see docs/runs.md.',
  })
  @ApiOkResponse({ type: SchedulePreviewDto })
  @ApiUnprocessableEntityResponse({ description: 'invalid_schedule: `errors` and `position` say where' })
  previewSchedule(@Body() body: PreviewScheduleDto): SchedulePreviewDto {
    const { count = DEFAULT_COUNT, starts_at, ends_at, kind, expression, timezone } = body;
    const startsAt = typeof starts_at === 'number' ? new Date(starts_at) : null;
    const endsAt = typeof ends_at === 'number' ? new Date(ends_at) : null;
    const slots = this.preview.next({ kind, expression, timezone, startsAt, endsAt }, count);
    return { occurrences: slots.map((slot) => slot.getTime()) };
  }
}
