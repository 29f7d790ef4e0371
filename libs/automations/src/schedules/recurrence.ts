import { dayFilter } from './recurrence-days';
import { DAY_MS, MINUTE_MS, dayOf, firstDay, firstDayOfWeek, intervalOf, numbersIn } from './recurrence-parts';
import { weekOf, weekStart, type Frequency, type RecurrenceParts } from './recurrence-parts';
import type { WallRule } from './wall-clock';

const HOUR = 60;
const DAY = 24 * HOUR;
/** Days and periods that are looked at in all: 270 years of days, and more than lie between any two matches of a rule that repeats with them. */
const MAX_WORK = 100_000;

/** The day after which nothing is looked for: the end of the years with four digits. */
const END = firstDay(10_000);

/** The work that all searches of one rule may still do. */
interface Work {
  left: number;
}

/** The minutes since 1970 that match, in their order, from one on. */
type Minutes = (after: number) => Generator<number>;

/**
 * The slots of an RRULE of RFC 5545 on a wall clock read as UTC. The search is bounded: a rule that never matches, or hardly ever, has no next
 * slot.
 */
export function recurrence(
  parts: RecurrenceParts,
  frequency: Frequency,
  start: Date,
  until: Date | undefined,
): WallRule {
  const work = { left: MAX_WORK };
  const isFrequent = frequency === 'HOURLY' || frequency === 'MINUTELY';
  const minutesFrom = (isFrequent ? frequentMinutes : calendarMinutes)(parts, frequency, start, work);
  const count = parts.get('COUNT');
  const seconds = start.getUTCSeconds() * 1_000 + start.getUTCMilliseconds();
  function* slotsFrom(after: Date): Generator<Date> {
    for (const minute of minutesFrom(Math.floor(after.getTime() / MINUTE_MS))) {
      const slot = new Date(minute * MINUTE_MS + seconds);
      if (until && slot > until) return;
      if (slot > after && slot >= start) yield slot;
    }
  }
  if (count === undefined) return (after) => take(slotsFrom(after), 1)[0];
  let counted: readonly Date[] | undefined;
  return (after) => {
    counted ??= take(slotsFrom(new Date(start.getTime() - 1)), Number(count));
    return counted.find((slot) => slot > after);
  };
}

function take(slots: Generator<Date>, count: number): Date[] {
  const taken: Date[] = [];
  for (const slot of slots) {
    taken.push(slot);
    if (taken.length === count) break;
  }
  return taken;
}

/** Days to years: the days of the period that match, each at every time of day. */
function calendarMinutes(parts: RecurrenceParts, frequency: Frequency, start: Date, work: Work): Minutes {
  const { indexOf, firstDayOf } = calendarOf(frequency, weekStart(parts));
  const isDay = dayFilter(parts, frequency, start);
  const interval = intervalOf(parts);
  const hours = numbersIn(parts, 'BYHOUR') ?? [start.getUTCHours()];
  const minutes = numbersIn(parts, 'BYMINUTE') ?? [start.getUTCMinutes()];
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * HOUR + minute));
  const positions = numbersIn(parts, 'BYSETPOS');
  const first = indexOf(dayOf(start));
  return function* (after) {
    const since = Math.max(0, indexOf(Math.floor(after / DAY)) - first);
    for (let index = first + Math.floor(since / interval) * interval; firstDayOf(index) < END; index += interval) {
      const days: number[] = [];
      for (let day = firstDayOf(index); day < firstDayOf(index + 1); day += 1) {
        if ((work.left -= 1) < 0) return;
        if (isDay(day)) days.push(day);
      }
      const minuteAt = (at: number): number =>
        (days[Math.floor(at / times.length)] ?? 0) * DAY + (times[at % times.length] ?? 0);
      yield* chosen(days.length * times.length, minuteAt, positions, after);
    }
  };
}

/** How a frequency numbers its periods. */
function calendarOf(frequency: Frequency, wkst: number) {
  const dateOf = (day: number): Date => new Date(day * DAY_MS);
  if (frequency === 'WEEKLY')
    return {
      indexOf: (day: number) => weekOf(day, wkst),
      firstDayOf: (index: number) => firstDayOfWeek(index, wkst),
    };
  if (frequency === 'MONTHLY')
    return {
      indexOf: (day: number) => dateOf(day).getUTCFullYear() * 12 + dateOf(day).getUTCMonth(),
      firstDayOf: (index: number) => firstDay(Math.floor(index / 12), index % 12),
    };
  if (frequency === 'YEARLY') return { indexOf: (day: number) => dateOf(day).getUTCFullYear(), firstDayOf: firstDay };
  return { indexOf: (day: number) => day, firstDayOf: (index: number) => index };
}

/** Hours and minutes: days and hours without a match are skipped whole. */
function frequentMinutes(parts: RecurrenceParts, frequency: Frequency, start: Date, work: Work): Minutes {
  const unit = frequency === 'HOURLY' ? HOUR : 1;
  const interval = unit * intervalOf(parts);
  const first = Math.floor(start.getTime() / (unit * MINUTE_MS)) * unit;
  /** The first period that begins at a minute or later. */
  const periodAt = (minute: number): number => first + Math.max(0, Math.ceil((minute - first) / interval)) * interval;
  const isDay = dayFilter(parts, frequency, start);
  const hours = numbersIn(parts, 'BYHOUR');
  const minutes = numbersIn(parts, 'BYMINUTE');
  const positions = numbersIn(parts, 'BYSETPOS');
  const offsets = unit === HOUR ? (minutes ?? [start.getUTCMinutes()]) : [0];
  return function* (after) {
    for (let period = periodAt(after - unit + 1); period < END * DAY && (work.left -= 1) >= 0;) {
      const [day, hour] = [Math.floor(period / DAY), Math.floor(period / HOUR)];
      if (!isDay(day)) period = periodAt((day + 1) * DAY);
      else if (hours && !hours.includes(hour % 24)) period = periodAt((hour + 1) * HOUR);
      else {
        const begin = period;
        const isMinute = unit === HOUR || !minutes || minutes.includes(begin % HOUR);
        yield* chosen(isMinute ? offsets.length : 0, (at) => begin + (offsets[at] ?? 0), positions, after);
        period += interval;
      }
    }
  };
}

/** Those of the `count` minutes of a period that BYSETPOS names, or all, from `after` on. */
function* chosen(
  count: number,
  minuteAt: (at: number) => number,
  positions: readonly number[] | undefined,
  after: number,
): Generator<number> {
  if (positions) {
    const indexes = positions.map((position) => (position > 0 ? position - 1 : count + position));
    const inPeriod = indexes.filter((at) => at >= 0 && at < count).sort((a, b) => a - b);
    for (const at of new Set(inPeriod)) yield minuteAt(at);
    return;
  }
  let [low, high] = [0, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (minuteAt(middle) < after) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < count; at += 1) yield minuteAt(at);
}
