import {
  DAY_MS,
  firstDay,
  firstDayOfWeek,
  numbersIn,
  WEEKDAYS,
  weekdayOf,
  weekOf,
  weekStart,
} from './recurrence-parts';
import type { Frequency, RecurrenceParts } from './recurrence-parts';

interface Calendar {
  readonly day: number;
  readonly year: number;
  readonly month: number;
}
type DayRule = (date: Calendar) => boolean;

/** Whether a day matches every part of a rule that names days. Where none does, it is the day of the start, as RFC 5545 says. */
export function dayFilter(parts: RecurrenceParts, frequency: Frequency, start: Date): (day: number) => boolean {
  const given = withDefaults(parts, frequency, start);
  const months = numbersIn(given, 'BYMONTH');
  const rules = [monthDayRule(given), yearDayRule(given), weekdayRule(given, frequency), weekNumberRule(given)].filter(
    (rule) => rule !== undefined,
  );
  return (day) => {
    const date = new Date(day * DAY_MS);
    const calendar = { day, year: date.getUTCFullYear(), month: date.getUTCMonth() };
    return (!months || months.includes(calendar.month + 1)) && rules.every((rule) => rule(calendar));
  };
}

function withDefaults(parts: RecurrenceParts, frequency: Frequency, start: Date): RecurrenceParts {
  if (['BYYEARDAY', 'BYMONTHDAY', 'BYDAY'].some((name) => parts.has(name))) return parts;
  const given = new Map(parts);
  const weekday = WEEKDAYS[start.getUTCDay()] ?? '';
  if (parts.has('BYWEEKNO')) return given.set('BYDAY', weekday);
  if (frequency === 'YEARLY' && !parts.has('BYMONTH')) given.set('BYMONTH', String(start.getUTCMonth() + 1));
  if (frequency === 'YEARLY' || frequency === 'MONTHLY') given.set('BYMONTHDAY', String(start.getUTCDate()));
  if (frequency === 'WEEKLY') given.set('BYDAY', weekday);
  return given;
}

function monthDayRule(parts: RecurrenceParts): DayRule | undefined {
  const days = numbersIn(parts, 'BYMONTHDAY');
  return days && (({ day, year, month }) => isNamed(days, day, firstDay(year, month), firstDay(year, month + 1)));
}

function yearDayRule(parts: RecurrenceParts): DayRule | undefined {
  const days = numbersIn(parts, 'BYYEARDAY');
  return days && (({ day, year }) => isNamed(days, day, firstDay(year), firstDay(year + 1)));
}

/** Positive numbers count from the first day of the span, negative ones from its last. */
function isNamed(days: readonly number[], day: number, begin: number, end: number): boolean {
  return days.includes(day - begin + 1) || days.includes(day - end);
}

/** A number counts the weekdays of the month, or of the year where a yearly rule names no month; more frequent rules have none. */
function weekdayRule(parts: RecurrenceParts, frequency: Frequency): DayRule | undefined {
  const entries = parts.get('BYDAY')?.split(',');
  if (!entries) return undefined;
  const numbered = frequency === 'MONTHLY' || frequency === 'YEARLY';
  const isOfYear = frequency === 'YEARLY' && !parts.has('BYMONTH');
  const byWeekday = WEEKDAYS.map((name) =>
    entries.filter((entry) => entry.endsWith(name)).map((entry) => (numbered ? Number(entry.slice(0, -2)) : 0)),
  );
  return ({ day, year, month }) => {
    const ordinals = byWeekday[weekdayOf(day)] ?? [];
    if (ordinals.length === 0 || ordinals.includes(0)) return ordinals.length > 0;
    const [begin, end] = isOfYear
      ? [firstDay(year), firstDay(year + 1)]
      : [firstDay(year, month), firstDay(year, month + 1)];
    const fromEnd = -Math.floor((end - 1 - day) / 7) - 1;
    return ordinals.includes(Math.floor((day - begin) / 7) + 1) || ordinals.includes(fromEnd);
  };
}

/** Week 1 is the first that has four days of its year; negative numbers count from the last week of the year. */
function weekNumberRule(parts: RecurrenceParts): DayRule | undefined {
  const numbers = numbersIn(parts, 'BYWEEKNO');
  if (!numbers) return undefined;
  const wkst = weekStart(parts);
  const firstWeek = (year: number): number => weekOf(firstDay(year) + 3, wkst);
  return ({ day }) => {
    const week = weekOf(day, wkst);
    // The year that has the fourth day of the week.
    const year = new Date((firstDayOfWeek(week, wkst) + 3) * DAY_MS).getUTCFullYear();
    return numbers.includes(week - firstWeek(year) + 1) || numbers.includes(week - firstWeek(year + 1));
  };
}
