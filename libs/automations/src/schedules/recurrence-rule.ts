import { ScheduleError } from './schedule-error';
import { recurrence } from './recurrence';
import { FREQUENCIES } from './recurrence-parts';
import { asUtc, byElapsedTime, byWallClock, wallAt, type InstantRule } from './wall-clock';

const DAY = '(?:SU|MO|TU|WE|TH|FR|SA)';
const list = (item: string): RegExp => new RegExp(`^${item}(?:,${item})*$`);
const number = (min: number, max: number, signed = false) => ({ min, max, signed });

/** RFC 5545, section 3.3.10: each part with its form. `SECONDLY` and `BYSECOND` are below the shortest interval. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  FREQ: new RegExp(`^(?:${FREQUENCIES.join('|')})$`),
  UNTIL: /^\d{8}(?:T\d{6}Z?)?$/,
  BYDAY: list(`[+-]?\\d{0,2}${DAY}`),
  WKST: new RegExp(`^${DAY}$`),
};
const NUMBERS: Readonly<Record<string, { min: number; max: number; signed: boolean }>> = {
  INTERVAL: number(1, 10_000),
  COUNT: number(1, 1_000),
  BYMINUTE: number(0, 59),
  BYHOUR: number(0, 23),
  BYMONTHDAY: number(1, 31, true),
  BYYEARDAY: number(1, 366, true),
  BYWEEKNO: number(1, 53, true),
  BYMONTH: number(1, 12),
  BYSETPOS: number(1, 366, true),
};
const MAX_YEAR = 9_999;
const ONE_NUMBER = new Set(['INTERVAL', 'COUNT']);

/** An RRULE of RFC 5545 whose DTSTART is `startsAt`, read on the wall clock of the zone. */
export function recurrenceRule(expression: string, timezone: string, startsAt: number): InstantRule {
  const text = expression.replace(/^RRULE:/i, '').toUpperCase();
  const parts = partsOf(text, expression.length - text.length);
  const frequency = FREQUENCIES.find((name) => name === parts.get('FREQ'));
  if (!frequency) throw new ScheduleError('expression', 'FREQ is missing', 1);
  const wall = wallAt(startsAt, timezone);
  const until = parts.get('UNTIL');
  const local = until?.endsWith('Z') === true ? untilOnWallClock(until, timezone) : until;
  const rule = recurrence(parts, frequency, asUtc(wall), local === undefined ? undefined : endOf(local));
  const isFrequent = frequency === 'HOURLY' || frequency === 'MINUTELY';
  return isFrequent && !parts.has('BYHOUR') ? byElapsedTime(rule, timezone) : byWallClock(rule, timezone);
}

function partsOf(text: string, offset: number): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  let position = offset + 1;
  for (const part of text.split(';')) {
    const [name = '', value, ...rest] = part.split('=');
    if (value === undefined || rest.length > 0) {
      throw new ScheduleError('expression', `${JSON.stringify(part)} is not NAME=VALUE`, position);
    }
    if (parts.has(name)) throw new ScheduleError('expression', `${name} is given twice`, position);
    if (!isValid(name, value)) throw new ScheduleError('expression', `${name}=${value} is not allowed`, position);
    parts.set(name, value);
    position += part.length + 1;
  }
  if (parts.has('COUNT') && parts.has('UNTIL'))
    throw new ScheduleError('expression', 'COUNT and UNTIL exclude each other', 1);
  return parts;
}

function isValid(name: string, value: string): boolean {
  const pattern = PATTERNS[name];
  if (pattern) return pattern.test(value);
  const range = NUMBERS[name];
  if (!range) return false;
  const values = value.split(',');
  if (ONE_NUMBER.has(name) && values.length > 1) return false;
  return values.every((one) => {
    if (!/^[+-]?\d{1,6}$/.test(one) || (!range.signed && /^[+-]/.test(one))) return false;
    const size = Math.abs(Number(one));
    return size >= range.min && size <= range.max;
  });
}

/** UNTIL is an instant; the rule is evaluated as if the wall clock were UTC. */
function untilOnWallClock(until: string, timezone: string): string {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(until) ?? [];
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant)) throw new ScheduleError('expression', `UNTIL=${until} is no time`, 1);
  const wall = wallAt(instant, timezone);
  return wall.year > MAX_YEAR ? `${MAX_YEAR}1231T235959Z` : `${stamp(wall.toString())}Z`;
}

/** Of UNTIL on the wall clock; a date without a time includes its whole day. */
function endOf(until: string): Date {
  const [, year, month, day, hour = '23', minute = '59', second = '59'] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z?)?$/.exec(until) ?? [];
  const end = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(end.getTime())) throw new ScheduleError('expression', `UNTIL=${until} is no time`, 1);
  return end;
}

function stamp(iso: string): string {
  const [date = '', time = ''] = iso.split('T');
  return `${date.replaceAll('-', '')}T${time.slice(0, 8).replaceAll(':', '').padEnd(6, '0')}`;
}
