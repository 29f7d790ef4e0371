import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { slotsAfter } from '@adiuva/automations';
import { Random } from '../fuzz/random';

const SEED = 20_261_126;
const RULES = 250;
const SLOTS = 12;
/** With clock changes of an hour in both hemispheres and of half an hour, with a gap at midnight, and without. */
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Africa/Cairo',
  'America/Santiago',
  'Asia/Kolkata',
  'UTC',
];
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

interface Case {
  readonly rule: string;
  readonly zone: string;
  /** On the wall clock of the zone. */
  readonly start: string;
}

/**
 * Rules that RFC 5545 allows and the server accepts, of all frequencies; but for those of years in which rrule-temporal does not do what section
 * 3.3.10 says: BYMONTHDAY and BYDAY limit BYYEARDAY, and a number of BYDAY counts within the year unless BYMONTH is there.
 */
function randomCases(random: Random, count: number): Case[] {
  return Array.from({ length: count }, () => {
    const zone = random.pick(ZONES);
    const start = randomStart(random, zone);
    return { zone, start: start.toString(), rule: randomRule(random, start) };
  });
}

/** Every second one is near a clock change. */
function randomStart(random: Random, zone: string): Temporal.PlainDateTime {
  const somewhere = Temporal.PlainDate.from('2023-01-01').add({ days: random.below(4 * 365) });
  const change = random.chance(0.5) ? somewhere.toZonedDateTime(zone).getTimeZoneTransition('next') : null;
  const day = change?.toPlainDate().subtract({ days: 1 + random.below(2) }) ?? somewhere;
  return day.toPlainDateTime({ hour: random.below(24), minute: random.pick([0, 15, 30, 45, random.below(60)]) });
}

function randomRule(random: Random, start: Temporal.PlainDateTime): string {
  const frequency = random.pick(['MINUTELY', 'HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']);
  const isFrequent = frequency === 'MINUTELY' || frequency === 'HOURLY';
  const parts = [`FREQ=${frequency}`];
  const numbers = (name: string, share: number, min: number, max: number, isSigned = false): boolean => {
    if (!random.chance(share)) return false;
    const one = (): number => (min + random.below(max - min + 1)) * (isSigned && random.chance(0.3) ? -1 : 1);
    parts.push(`${name}=${[...new Set(Array.from({ length: 1 + random.below(3) }, one))].join(',')}`);
    return true;
  };
  if (random.chance(0.4)) parts.push(`INTERVAL=${2 + random.below(frequency === 'MINUTELY' ? 600 : 5)}`);
  if (random.chance(0.3)) parts.push(`WKST=${random.pick(DAYS)}`);
  numbers('BYMONTH', 0.25, 1, 12);
  const hasWeeks = frequency === 'YEARLY' && numbers('BYWEEKNO', 0.2, 1, 53, true);
  const hasYearDays = frequency === 'YEARLY' && !hasWeeks && numbers('BYYEARDAY', 0.2, 1, 366, true);
  const hasMonthDays = frequency !== 'WEEKLY' && !hasWeeks && !hasYearDays && numbers('BYMONTHDAY', 0.3, 1, 31, true);
  if (!hasYearDays && random.chance(0.4)) {
    const mayNumber = frequency === 'MONTHLY' || (frequency === 'YEARLY' && !hasWeeks && !hasMonthDays);
    const isNumbered = mayNumber && random.chance(0.5);
    const one = (): string => `${isNumbered ? random.pick([1, 2, 3, 4, 5, -1, -2]) : ''}${random.pick(DAYS)}`;
    parts.push(`BYDAY=${[...new Set(Array.from({ length: 1 + random.below(3) }, one))].join(',')}`);
  }
  const hasHours = numbers('BYHOUR', 0.3, 0, 23);
  const hasMinutes = numbers('BYMINUTE', 0.3, 0, 59);
  if ((hasHours || hasMinutes) && !isFrequent) numbers('BYSETPOS', 0.3, 1, 3, true);
  if (random.chance(0.15)) parts.push(`COUNT=${1 + random.below(20)}`);
  else if (random.chance(0.15)) parts.push(`UNTIL=${stamp(start.add({ days: random.below(1_000) }))}`);
  return parts.join(';');
}

function stamp(time: Temporal.PlainDateTime): string {
  return time.toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
}

/** Up to `SLOTS` instants by our evaluator. */
function ours({ rule, zone, start }: Case): string[] {
  const startsAt = new Date(Temporal.PlainDateTime.from(start).toZonedDateTime(zone).epochMilliseconds);
  const schedule = { kind: 'rrule' as const, expression: rule, timezone: zone, startsAt, endsAt: null };
  return slotsAfter(schedule, new Date(startsAt.getTime() - 1), SLOTS).map((slot) => slot.toISOString());
}

/** Up to `count` occurrences by rrule-temporal, whose UNTIL is in UTC. */
function theirs({ rule, start }: Case, zone: string, count: number): { wall: string; at: number }[] {
  const inUtc = rule.replace(/(?<=UNTIL=)\w+/, (local) => {
    const until = Temporal.PlainDateTime.from(local).toZonedDateTime(zone);
    return `${stamp(until.withTimeZone('UTC').toPlainDateTime())}Z`;
  });
  const rruleString = `DTSTART;TZID=${zone}:${stamp(Temporal.PlainDateTime.from(start))}\nRRULE:${inUtc}`;
  return new RRuleTemporal({ rruleString, maxIterations: 2_000 })
    .all((_, index) => index < count)
    .map((time) => ({ wall: time.toPlainDateTime().toString(), at: time.epochMilliseconds }));
}

/** The first moment at which the clock of the zone shows `wall` or later. */
function firstMoment(wall: string, zone: string): number {
  const time = Temporal.PlainDateTime.from(wall);
  const first = time.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (first.toPlainDateTime().equals(time)) return first.epochMilliseconds;
  const shifted = time.toZonedDateTime(zone, { disambiguation: 'later' }).add({ nanoseconds: 1 });
  return shifted.getTimeZoneTransition('previous')?.epochMilliseconds ?? NaN;
}

/** Rules that name hours, or whose hour is that of the start: they are read on the wall clock, which rrule-temporal evaluates as UTC. */
function isOfWallClock(rule: string): boolean {
  return !/FREQ=(?:HOURLY|MINUTELY)/.test(rule) || rule.includes('BYHOUR');
}

/** rrule-temporal leaves out what lies in a gap; here it comes at its end, once. Undefined where its search ends without a result. */
function expected(one: Case): string[] | undefined {
  try {
    const instants = isOfWallClock(one.rule)
      ? theirs(one, 'UTC', 3 * SLOTS).map(({ wall }) => firstMoment(wall, one.zone))
      : theirs(one, one.zone, SLOTS).map(({ at }) => at);
    return [...new Set(instants)].slice(0, SLOTS).map((at) => new Date(at).toISOString());
  } catch (error) {
    if (String(error).includes('Maximum iterations')) return undefined;
    throw error;
  }
}

/** Whether the clock has shown this time before; of hourly rules rrule-temporal leaves it out. */
function isRepeated(slot: string, zone: string): boolean {
  const wall = Temporal.Instant.from(slot).toZonedDateTimeISO(zone).toPlainDateTime();
  return firstMoment(wall.toString(), zone) < Date.parse(slot);
}

it('recurrence rules have the slots that rrule-temporal finds', () => {
  let compared = 0;
  const different = randomCases(new Random(SEED), RULES).flatMap((one) => {
    const theirSlots = expected(one);
    if (!theirSlots) return [];
    compared += 1;
    const isHourly = one.rule.startsWith('FREQ=HOURLY') && !isOfWallClock(one.rule);
    const all = ours(one);
    const ourSlots = isHourly ? all.filter((slot) => !isRepeated(slot, one.zone)) : all;
    const theirEnd = isHourly ? ourSlots.length + (all.length < SLOTS ? SLOTS : 0) : SLOTS;
    return ourSlots.join() === theirSlots.slice(0, theirEnd).join() ? [] : [{ ...one, ourSlots, theirSlots }];
  });
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(0.9 * RULES);
});

it.each([
  ['FREQ=YEARLY;BYYEARDAY=64;BYDAY=TH', ['2026-03-05', '2032-03-04']],
  ['FREQ=YEARLY;BYMONTHDAY=1;BYDAY=1MO', ['2024-01-01', '2029-01-01']],
])('recurrence rules of years are limited by all their parts: %s', (rule, dates) => {
  const slots = ours({ rule, zone: 'UTC', start: '2024-01-01T09:00' }).slice(0, dates.length);
  expect(slots).toEqual(dates.map((date) => `${date}T09:00:00.000Z`));
});
