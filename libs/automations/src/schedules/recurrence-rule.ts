import { ScheduleError } from './schedule-error';
import { recurrence } from './recurrence';
import { FREQUENCIES, type Frequency, type RecurrenceParts } from './recurrence-parts';
import {
  asUtc,
  byElapsedTime,
  byWallClock,
  fromUtc,
  toInstant,
  wallAt,
  type InstantRule,
  type WallRule,
} from './wall-clock';

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
  const isFrequent = frequency === 'HOURLY' || frequency === 'MINUTELY';
  if (isFrequent && !parts.has('BYHOUR')) return elapsedRule(parts, frequency, timezone, startsAt);
  const until = parts.get('UNTIL');
  const local = until?.endsWith('Z') === true ? onWallClock(instantOf(until), timezone) : until;
  const end = local === undefined ? undefined : endOf(local);
  return byWallClock(recurrence(parts, frequency, asUtc(wallAt(startsAt, timezone)), end), timezone);
}

/** Intervals, COUNT and UNTIL of elapsed time: on the wall clock of each offset the rule starts at the same instant. */
function elapsedRule(parts: RecurrenceParts, frequency: Frequency, timezone: string, startsAt: number): InstantRule {
  const count = parts.get('COUNT');
  const until = parts.get('UNTIL');
  const unbounded = new Map([...parts].filter(([name]) => name !== 'COUNT'));
  const rules = new Map<number, WallRule>();
  const ruleAt = (offset: number): WallRule => {
    const rule = rules.get(offset) ?? recurrence(unbounded, frequency, new Date(startsAt + offset), undefined);
    rules.set(offset, rule);
    return rule;
  };
  const next = byElapsedTime(ruleAt, timezone);
  if (until !== undefined) {
    const end = until.endsWith('Z') ? instantOf(until) : toInstant(fromUtc(endOf(until)), timezone);
    return (after) => {
      const slot = next(after);
      return slot !== undefined && slot <= end ? slot : undefined;
    };
  }
  return count === undefined ? next : counted(next, startsAt, Number(count));
}

/** The first `count` instants from `start` on. */
function counted(next: InstantRule, start: number, count: number): InstantRule {
  const instants: number[] = [];
  return (after) => {
    while (instants.length < count && (instants.at(-1) ?? -Infinity) <= after) {
      const instant = next(instants.at(-1) ?? start - 1);
      if (instant === undefined) return undefined;
      instants.push(instant);
    }
    return instants.find((instant) => instant > after);
  };
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

function instantOf(until: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(until) ?? [];
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(instant)) throw new ScheduleError('expression', `UNTIL=${until} is no time`, 1);
  return instant;
}

/** The rule is evaluated as if the wall clock were UTC. */
function onWallClock(instant: number, timezone: string): string {
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
