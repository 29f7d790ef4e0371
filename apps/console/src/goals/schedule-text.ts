import type { NewScheduleDto } from '@adiuva/client';
import { dateTime, weekday } from '../texts/format';
import { t } from '../texts/texts';
import { draftOf } from './schedule';

/** What a reader sees of a schedule: its day and time where it has them, else its expression. */
export function scheduleText(schedule: Pick<NewScheduleDto, 'kind' | 'expression'>): string {
  const draft = draftOf(schedule);
  switch (draft.kind) {
    case 'daily':
      return `${t('goals.when.daily')}, ${draft.time}`;
    case 'weekly':
      return `${t('goals.when.weekly')}, ${weekday(draft.weekday)}, ${draft.time}`;
    case 'once':
      return dateTime(schedule.expression);
    case 'none':
    case 'cron':
    case 'rrule':
      return schedule.expression;
  }
}
