import type { AssistantContext } from '../entities/assistant-context';
import type { DayPart } from '../lexicon/lexicon';
import { addDays, asUtc, toInstant, toLocal, type LocalDateTime } from '../text/time-zone';
import type { ClockTime, DateAtom } from './date-atom';
import { isLater } from './date-atoms';
import type { Span } from './date-words';

/** A date in words, at the tokens `[start, end)` with the words that lead to it. */
export interface ParsedDate {
  readonly start: number;
  readonly end: number;
  readonly at: LocalDateTime;
  readonly until?: LocalDateTime;
  /** Whether a time of day was given; without one `at` is midnight. */
  readonly timed: boolean;
  /** Only a part of the day was given ("Friday afternoon"). */
  readonly vague?: boolean;
  /** Whether a day was given; a time alone means its next occurrence. */
  readonly dated: boolean;
  /** Set when an amount of time from now was given ("in 2 hours"): exact even when clocks change in between. */
  readonly instant?: number;
  /** A date or an hour that does not exist ("30 February", "25:00"). */
  readonly invalid: boolean;
  /** A word such as "by" leads to it. */
  readonly linked: boolean;
  readonly span?: Span;
}

const PART_HOURS: Readonly<Record<DayPart, number>> = {
  morning: 9,
  noon: 12,
  afternoon: 15,
  evening: 19,
  night: 20,
  midnight: 0,
};

/** The date that atoms side by side mean together; `start` is the first token of the words that lead to it. */
export function dateOf(
  atoms: readonly DateAtom[],
  start: number,
  now: LocalDateTime,
  context: AssistantContext,
): ParsedDate {
  const end = atoms.at(-1)?.end ?? 0;
  const place = { start, end, linked: start < (atoms[0]?.start ?? 0) };
  const invalid = atoms.some(({ kind }) => kind === 'invalid');
  const amount = atoms.find((atom) => atom.kind === 'amount');
  if (amount?.kind === 'amount') {
    const instant = context.now + amount.minutes * 60_000;
    return { ...place, at: toLocal(instant, context.zone), timed: true, dated: true, instant, invalid };
  }
  const week = atoms.find((atom) => atom.kind === 'week');
  const day = inWeek(atoms, now) ?? (week?.kind === 'week' ? week.day : undefined);
  const time = atoms.find((atom) => atom.kind === 'time');
  const part = atoms.find((atom) => atom.kind === 'part');
  const clock = time?.kind === 'time' ? time : undefined;
  const dayPart = part?.kind === 'part' ? part : undefined;
  const localTime = clock ? hourOf(clock.time, dayPart?.part) : partTime(dayPart);
  const midnight = { ...(day ?? now), hour: 0, minute: 0 };
  const at = localTime ? { ...midnight, ...localTime } : midnight;
  const settled = day === undefined && localTime && !isLater(at, now) ? addDays(at, 1) : at;
  const until = clock?.until ? { ...settled, ...untilOf(clock.time, clock.until, settled, dayPart?.part) } : undefined;
  return {
    ...place,
    at: settled,
    timed: localTime !== undefined,
    ...(dayPart && !clock ? { vague: true } : {}),
    dated: day !== undefined,
    invalid,
    ...(until ? { until } : {}),
    ...(week?.kind === 'week' && !atoms.some(({ kind }) => kind === 'day') ? { span: week.span } : {}),
  };
}

/** "Thursday" together with "next week" is that week's Thursday. */
function inWeek(atoms: readonly DateAtom[], now: LocalDateTime): LocalDateTime | undefined {
  const day =
    atoms.find((atom) => atom.kind === 'day' && atom.weekday !== true) ?? atoms.find((atom) => atom.kind === 'day');
  const week = atoms.find((atom) => atom.kind === 'week');
  if (day?.kind !== 'day') return undefined;
  if (week?.kind !== 'week' || day.weekday !== true || week.weeks !== 1) return day.day;
  const distance = (asUtc(day.day) - asUtc({ ...now, hour: 0, minute: 0 })) / 86_400_000;
  return asUtc(day.day) >= asUtc(week.day) ? day.day : addDays(day.day, distance <= 7 ? 7 : 0);
}

function partTime(
  part: { part: DayPart; minutes: number } | undefined,
): Pick<LocalDateTime, 'hour' | 'minute'> | undefined {
  if (!part) return undefined;
  const minutes = (PART_HOURS[part.part] * 60 + part.minutes + 1440) % 1440;
  return { hour: Math.floor(minutes / 60), minute: minutes % 60 };
}

/**
 * The part of the day decides; without one an hour from 1 to 6 without am, pm, "Uhr" or a leading zero is in the
 * afternoon ("at 5" is 17:00).
 */
function hourOf(time: ClockTime, part: DayPart | undefined): Pick<LocalDateTime, 'hour' | 'minute'> {
  const { hour, minute } = time;
  if (part === 'afternoon' || part === 'evening') return { hour: hour < 12 && hour > 0 ? hour + 12 : hour, minute };
  if (part === 'night') return { hour: hour >= 5 && hour < 12 ? hour + 12 : hour % 24, minute };
  if (part === 'noon') return { hour: hour < 6 ? hour + 12 : hour, minute };
  if (part === 'morning' || time.certain) return { hour: hour === 12 && part === 'morning' ? 0 : hour, minute };
  return { hour: hour >= 1 && hour <= 6 ? hour + 12 : hour, minute };
}

function untilOf(
  from: ClockTime,
  until: ClockTime,
  start: LocalDateTime,
  part: DayPart | undefined,
): Pick<LocalDateTime, 'hour' | 'minute'> {
  const end = hourOf({ ...until, certain: until.certain || from.certain }, part);
  return end.hour * 60 + end.minute <= start.hour * 60 + start.minute && end.hour < 12
    ? { ...end, hour: end.hour + 12 }
    : end;
}

/** The last minute of a day that was given without a time: what is due "on Friday" is not late on Friday. */
export function dueInstant(date: ParsedDate, zone: string): number {
  if (date.instant !== undefined) return date.instant;
  return toInstant(date.timed ? date.at : { ...date.at, hour: 23, minute: 59 }, zone);
}

/** What takes place on a day that was given without a time begins at 9:00. */
export function startInstant(date: ParsedDate, zone: string): number {
  if (date.instant !== undefined) return date.instant;
  return toInstant(date.timed ? date.at : { ...date.at, hour: 9, minute: 0 }, zone);
}
