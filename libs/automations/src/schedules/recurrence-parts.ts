/** The parts of an RRULE by name. */
export type RecurrenceParts = ReadonlyMap<string, string>;
export const FREQUENCIES = ['MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
/** 1 January 1970 was a Thursday. */
const FIRST_WEEKDAY = 4;

export function numbersIn(parts: RecurrenceParts, name: string): readonly number[] | undefined {
  const values = parts.get(name)?.split(',').map(Number);
  return values && [...new Set(values)].sort((a, b) => a - b);
}

export function intervalOf(parts: RecurrenceParts): number {
  return Number(parts.get('INTERVAL') ?? 1);
}

/** Days are counted from 1 January 1970. */
export function dayOf(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS);
}

export function firstDay(year: number, month = 0): number {
  return Date.UTC(year, month, 1) / DAY_MS;
}

export function weekdayOf(day: number): number {
  return (((day + FIRST_WEEKDAY) % 7) + 7) % 7;
}

/** The number of the week, of those that begin on `wkst` and are counted from 1970. */
export function weekOf(day: number, wkst: number): number {
  return Math.floor((day - wkst + FIRST_WEEKDAY) / 7);
}

/** The first day of a week that `weekOf` has counted. */
export function firstDayOfWeek(week: number, wkst: number): number {
  return week * 7 + wkst - FIRST_WEEKDAY;
}

export function weekStart(parts: RecurrenceParts): number {
  return WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO');
}
