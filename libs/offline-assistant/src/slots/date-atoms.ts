import { addDays, asUtc, weekdayOf, type LocalDateTime } from '../text/time-zone';
import type { Token } from '../text/tokens';
import type { DateAtom, DateDefaults } from './date-atom';
import type { DateWords } from './date-words';
import {
  dated,
  dayOfMonth,
  lastOf,
  numberedWeekday,
  numericDate,
  partOfMonth,
  spelledDate,
  weekdayOfMonth,
} from './numeric-dates';

const MAX_DISTANCE = 10_000;

export function dayAtom(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
  defaults: DateDefaults,
): DateAtom | undefined {
  const token = tokens[at];
  if (!token) return undefined;
  return (
    spelledDate(tokens, at, words, defaults) ??
    numericDate(token, at, defaults) ??
    namedDay(tokens, at, words, defaults.now) ??
    weekdayOfMonth(tokens, at, words, defaults.now) ??
    numberedWeekday(tokens, at, words, defaults.now) ??
    partOfMonth(tokens, at, words, defaults.now) ??
    dayOfMonth(tokens, at, words, defaults.now) ??
    weekday(tokens, at, words, defaults.now) ??
    spanDay(tokens, at, words, defaults.now) ??
    amount(tokens, at, words, defaults.now) ??
    relativeDay(tokens, at, words, defaults.now)
  );
}

function namedDay(tokens: readonly Token[], at: number, words: DateWords, now: LocalDateTime): DateAtom | undefined {
  const named = words.named.at(tokens, at);
  const date = /^(\d\d)-(\d\d)$/.exec(named?.value ?? '');
  return named && date ? dated(at, named.end, Number(date[2]), Number(date[1]), undefined, now) : undefined;
}

/** "friday", "next friday", "thursday of next week", "nächste Woche Donnerstag", "venerdì prossimo". */
function weekday(tokens: readonly Token[], at: number, words: DateWords, now: LocalDateTime): DateAtom | undefined {
  const next = words.next.at(tokens, at);
  const current = words.this.at(tokens, at);
  const lead = words.spans.at(tokens, at);
  const week = lead && /^(?:next|this)Week$/.test(lead.value) ? lead : undefined;
  const from = next ?? current ?? week;
  const named =
    words.weekdays.at(tokens, from ? skip(tokens, from.end) : at) ?? (from ? undefined : words.weekdays.at(tokens, at));
  if (!named) return undefined;
  let end = named.end;
  const behindWeek = words.spans.at(tokens, end);
  const after = behindWeek && /^(?:next|this)Week$/.test(behindWeek.value) ? behindWeek : undefined;
  const behindNext = after ? undefined : words.next.at(tokens, end);
  const behindThis = after || behindNext ? undefined : words.this.at(tokens, end);
  end =
    after?.end ?? behindNext?.end ?? (behindThis && isPlain(behindThis.end - end, tokens, end) ? behindThis.end : end);
  const inNext =
    next !== undefined || behindNext !== undefined || week?.value === 'nextWeek' || after?.value === 'nextWeek';
  const distance = (named.value - weekdayOf(now) + 7) % 7;
  const monday = (weekdayOf(now) + 6) % 7;
  const later = words.weekLater.at(tokens, end);
  end = later?.end ?? end;
  const first = inNext ? 7 - monday + ((named.value + 6) % 7) : distance === 0 ? 7 : distance;
  const days = first + (later ? 7 : 0);
  const bare = (tokens[named.start]?.text.length ?? 0) <= 4 && !from && end === named.end;
  return { kind: 'day', start: at, end, day: addDays({ ...now, hour: 0, minute: 0 }, days), weekday: true, bare };
}

/** "this" behind a weekday is a word of its own only in languages that put it there. */
function isPlain(length: number, tokens: readonly Token[], at: number): boolean {
  return length >= 2 || (tokens[at]?.word.length ?? 0) > 4;
}

function skip(tokens: readonly Token[], at: number): number {
  return /^(?:am|on|il|el|le|den|,)$/.test(tokens[at]?.word ?? '') ? at + 1 : at;
}

function spanDay(tokens: readonly Token[], at: number, words: DateWords, now: LocalDateTime): DateAtom | undefined {
  const span = words.spans.at(tokens, at);
  if (!span) return undefined;
  const midnight = { ...now, hour: 0, minute: 0 };
  const monday = addDays(midnight, -((weekdayOf(now) + 6) % 7));
  const place = { start: at, end: span.end, span: span.value };
  switch (span.value) {
    case 'endOfDay':
      return { kind: 'day', start: at, end: span.end, day: midnight };
    case 'endOfWeek':
      return { kind: 'day', start: at, end: span.end, day: addDays(monday, weekdayOf(now) % 6 === 0 ? 6 : 4) };
    case 'endOfNextWeek':
      return { kind: 'day', start: at, end: span.end, day: addDays(monday, 11) };
    case 'weekend':
      return { kind: 'week', ...place, weeks: 0, day: addDays(monday, 5) };
    case 'endOfMonth':
      return { kind: 'day', start: at, end: span.end, day: lastOf(now.year, now.month) };
    case 'endOfYear':
      return { kind: 'day', start: at, end: span.end, day: lastOf(now.year, 12) };
    case 'fortnight':
      return { kind: 'day', start: at, end: span.end, day: addDays(midnight, 14) };
    case 'weekFromToday':
      return { kind: 'day', start: at, end: span.end, day: addDays(midnight, 7) };
    case 'nextWeek':
      return { kind: 'week', ...place, weeks: 1, day: addDays(monday, 7) };
    case 'thisWeek':
      return { kind: 'week', ...place, weeks: 0, day: addDays(monday, 4) };
    case 'lastWeek':
      return { kind: 'week', ...place, weeks: -1, day: addDays(monday, -7) };
    case 'nextMonth':
      return { kind: 'week', ...place, weeks: 4, day: { ...lastOf(now.year, now.month + 1), day: 1 } };
    case 'thisMonth':
      return { kind: 'week', ...place, weeks: 0, day: lastOf(now.year, now.month) };
    case 'lastMonth':
      return { kind: 'week', ...place, weeks: -4, day: { ...lastOf(now.year, now.month - 1), day: 1 } };
  }
}

function relativeDay(tokens: readonly Token[], at: number, words: DateWords, now: LocalDateTime): DateAtom | undefined {
  const day = words.days.at(tokens, at);
  if (!day) return undefined;
  return { kind: 'day', start: at, end: day.end, day: addDays({ ...now, hour: 0, minute: 0 }, day.value) };
}

/** "in two weeks", "3 days from now", "a week from today", "in 2 hours" (exact minutes), "in half an hour". */
function amount(tokens: readonly Token[], at: number, words: DateWords, now: LocalDateTime): DateAtom | undefined {
  const lead = words.in.at(tokens, at);
  const counted = amountAt(tokens, lead?.end ?? at, words);
  if (!counted) return undefined;
  const trail = words.fromNow.at(tokens, counted.end);
  if (!lead && !trail) return undefined;
  const end = trail?.end ?? counted.end;
  if (counted.unit === 'minute' || counted.unit === 'hour')
    return { kind: 'amount', start: at, end, minutes: counted.value * (counted.unit === 'hour' ? 60 : 1) };
  return { kind: 'day', start: at, end, day: shiftBy(now, counted.value, counted.unit) };
}

export function amountAt(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
): { value: number; unit: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year'; end: number } | undefined {
  const digits = /^\d{1,4}$/.exec(tokens[at]?.word ?? '');
  const word = digits ? undefined : words.numbers.at(tokens, at);
  const fortnight = words.spans.at(tokens, at);
  if (fortnight?.value === 'fortnight') return { value: 2, unit: 'week', end: fortnight.end };
  if (!digits && !word) return undefined;
  const end = word?.end ?? at + 1;
  const unit = words.units.at(tokens, end);
  const value = digits ? Number(digits[0]) : (word?.value ?? 1);
  if (!unit || value > MAX_DISTANCE) return undefined;
  const half = words.behind.at(tokens, unit.end);
  const extra = half?.value === 30 ? 0.5 : 0;
  return { value: value + extra, unit: unit.value, end: half && extra > 0 ? half.end : unit.end };
}

export function shiftBy(from: LocalDateTime, value: number, unit: 'day' | 'week' | 'month' | 'year'): LocalDateTime {
  const midnight = { ...from, hour: 0, minute: 0 };
  if (unit === 'day' || unit === 'week') return addDays(midnight, value * (unit === 'week' ? 7 : 1));
  const months = unit === 'month' ? value : value * 12;
  const last = lastOf(from.year, from.month + Math.trunc(months));
  return { ...last, day: Math.min(last.day, from.day) };
}

export function isLater(one: LocalDateTime, other: LocalDateTime): boolean {
  return asUtc(one) > asUtc(other);
}
