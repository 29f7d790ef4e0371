import { Temporal } from 'temporal-polyfill';
import { cronRule } from './cron-rule';
import { recurrenceRule } from './recurrence-rule';
import { ScheduleError } from './schedule-error';
import { isTimezone, toInstant, type InstantRule } from './wall-clock';

export const SCHEDULE_KINDS = ['cron', 'rrule', 'at'] as const;
export type ScheduleKind = (typeof SCHEDULE_KINDS)[number];

/** When something happens. `startsAt` is the DTSTART of an RRULE; no slot lies before it or after `endsAt`. */
export interface ScheduleRule {
  readonly kind: ScheduleKind;
  readonly expression: string;
  readonly timezone: string;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
}

/** So many slots are compared when a rule is checked for the shortest interval, and none after a year: rules repeat. */
const CHECKED_SLOTS = 60;
const CHECKED_MS = 366 * 24 * 3_600_000;
/** Of the year 9999, in every zone: what starts later never occurs, because calendars cannot be read up to the last instant that there is. */
const LAST_START = Date.UTC(9999, 11, 30);

/** The first slot after `after`; undefined where there is none. @throws ScheduleError */
export function nextSlot(rule: ScheduleRule, after: Date): Date | undefined {
  const from = Math.max(after.getTime(), rule.startsAt.getTime() - 1);
  const slot = instantRule(rule)(from);
  if (slot === undefined || (rule.endsAt && slot > rule.endsAt.getTime())) return undefined;
  return new Date(slot);
}

/** Up to `count` slots after `after`; none after the first that is `spanMs` later than the first. @throws ScheduleError */
export function slotsAfter(rule: ScheduleRule, after: Date, count: number, spanMs = Infinity): Date[] {
  const next = instantRule(rule);
  const slots: Date[] = [];
  let from = Math.max(after.getTime(), rule.startsAt.getTime() - 1);
  while (slots.length < count && from < (slots[0]?.getTime() ?? from) + spanMs) {
    const slot = next(from);
    if (slot === undefined || (rule.endsAt && slot > rule.endsAt.getTime())) break;
    slots.push(new Date(slot));
    from = slot;
  }
  return slots;
}

/** Throws `ScheduleError` for a rule that cannot be read, never occurs after `now`, or occurs too often. */
export function checkRule(rule: ScheduleRule, now: Date, minIntervalMs: number): void {
  if (rule.endsAt && rule.endsAt <= rule.startsAt)
    throw new ScheduleError('ends_at', 'ends_at must be after starts_at');
  const slots = slotsAfter(rule, now, rule.kind === 'at' ? 1 : CHECKED_SLOTS, CHECKED_MS);
  if (slots.length === 0) throw new ScheduleError('expression', 'this schedule never occurs');
  const tooClose = slots.some((slot, index) => {
    const before = slots[index - 1];
    return before !== undefined && slot.getTime() - before.getTime() < minIntervalMs;
  });
  if (tooClose) throw new ScheduleError('expression', `the shortest interval is ${minIntervalMs / 1000} seconds`);
}

function instantRule(rule: ScheduleRule): InstantRule {
  if (!isTimezone(rule.timezone)) throw new ScheduleError('timezone', 'there is no such time zone');
  const next = readRule(rule, Math.min(rule.startsAt.getTime(), LAST_START));
  return (after) => (after < LAST_START ? next(after) : undefined);
}

function readRule({ kind, expression, timezone }: ScheduleRule, startsAt: number): InstantRule {
  switch (kind) {
    case 'cron':
      return cronRule(expression, timezone);
    case 'rrule':
      return recurrenceRule(expression, timezone, startsAt);
    case 'at':
      return once(moment(expression, timezone));
  }
}

function once(at: number): InstantRule {
  return (after) => (at > after ? at : undefined);
}

/** ISO 8601; without an offset it is the wall clock of the zone. */
function moment(text: string, timezone: string): number {
  try {
    if (/(?:Z|[+-]\d\d:?\d\d)$/i.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
    return toInstant(Temporal.PlainDateTime.from(text), timezone);
  } catch {
    throw new ScheduleError('expression', 'this is no time of ISO 8601', 1);
  }
}
