import type { NewScheduleDto } from '@adiuva/client';

export const SCHEDULE_KINDS = ['none', 'once', 'daily', 'weekly', 'cron', 'rrule'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

/** What the form of a schedule holds. */
export interface ScheduleDraft {
  readonly kind: ScheduleKind;
  /** Of an input for date and time, in the zone of the browser. */
  readonly at: string;
  readonly time: string;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly expression: string;
}

export const EMPTY_SCHEDULE: ScheduleDraft = { kind: 'none', at: '', time: '08:00', weekday: 1, expression: '' };

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Undefined where there is none, or not yet a whole one. */
export function scheduleOf({ kind, at, time, weekday, expression }: ScheduleDraft): NewScheduleDto | undefined {
  const timezone = browserZone();
  const [hour, minute] = time.split(':').map(Number);
  switch (kind) {
    case 'none':
      return undefined;
    case 'once':
      return at === '' ? undefined : { kind: 'at', expression: new Date(at).toISOString(), timezone };
    case 'daily':
      return { kind: 'cron', expression: `${minute ?? 0} ${hour ?? 0} * * *`, timezone };
    case 'weekly':
      return { kind: 'cron', expression: `${minute ?? 0} ${hour ?? 0} * * ${weekday}`, timezone };
    case 'cron':
    case 'rrule':
      return expression.trim() === '' ? undefined : { kind, expression: expression.trim(), timezone };
  }
}

const EVERY_DAY = /^(\d{1,2}) (\d{1,2}) \* \* ([0-6]|\*)$/;

/** A schedule of the server in the form: as a time of the day or week where it is one, else as cron or RRULE, which can say all. */
export function draftOf(schedule: Pick<NewScheduleDto, 'kind' | 'expression'> | undefined): ScheduleDraft {
  if (!schedule) return EMPTY_SCHEDULE;
  const { kind, expression } = schedule;
  const [, minute, hour, day] = (kind === 'cron' && EVERY_DAY.exec(expression)) || [];
  if (minute !== undefined && hour !== undefined) {
    const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
    return day === '*'
      ? { ...EMPTY_SCHEDULE, kind: 'daily', time }
      : { ...EMPTY_SCHEDULE, kind: 'weekly', time, weekday: Number(day) };
  }
  if (kind !== 'at') return { ...EMPTY_SCHEDULE, kind, expression };
  const at = new Date(expression);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return { ...EMPTY_SCHEDULE, kind: 'once', at: local.toISOString().slice(0, 16) };
}
