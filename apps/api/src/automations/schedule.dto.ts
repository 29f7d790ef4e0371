import { ApiProperty } from '@nestjs/swagger';
import { SCHEDULE_KINDS, type NewSchedule, type Schedule, type ScheduleKind } from '@adiuva/automations';
import { BooleanField, EnumField, IntegerField, StringField, TIME } from '../edge/body/fields';

const EXPRESSION_MAX = 500;
const TIMEZONE_MAX = 64;
const MAX_PREVIEW = 50;
const MAX_TIME = 8_640_000_000_000_000;

/** A rule that says when something happens. */
export class ScheduleRuleDto {
  @EnumField(SCHEDULE_KINDS)
  kind!: ScheduleKind;

  @StringField({
    minLength: 1,
    maxLength: EXPRESSION_MAX,
    description: 'Five cron fields; an RRULE of RFC 5545, whose DTSTART is `starts_at`; or a time of ISO 8601',
  })
  expression!: string;

  @StringField({ minLength: 1, maxLength: TIMEZONE_MAX, description: 'IANA name' })
  timezone!: string;

  @IntegerField({ optional: true, ...TIME, minimum: 0, maximum: MAX_TIME })
  starts_at?: number;

  @IntegerField({ optional: true, ...TIME, minimum: 0, maximum: MAX_TIME })
  ends_at?: number;
}

export class NewScheduleDto extends ScheduleRuleDto {
  @BooleanField({ optional: true, default: true })
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
  @IntegerField({ optional: true, minimum: 1, maximum: MAX_PREVIEW, default: 5 })
  count?: number;
}

export class SchedulePreviewDto {
  @ApiProperty({ type: [Number], description: 'Milliseconds since the Unix epoch' })
  occurrences!: number[];
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
