import type { AssistantContext, Item } from '../entities/assistant-context';
import type { MaskedText } from '../text/masked-text';
import { addDays, toInstant, toLocal, weekdayOf, type LocalDateTime } from '../text/time-zone';
import { amountAt, shiftBy } from './date-atoms';
import { parseDates } from './date-parser';
import { extraAmount } from './date-shifts';
import { dueInstant, startInstant, type ParsedDate } from './date-resolution';
import { dateWordsOf, type Span } from './date-words';

/** The instants of a clause, in the roles that tools know. */
export interface Times {
  readonly due?: number;
  readonly start?: number;
  readonly end?: number;
  readonly invalidDate?: true;
  readonly timeOnly?: { readonly hour: number; readonly minute: number };
}

/**
 * The date that a clause is about: the last one behind a word like "by", else the last. A day and a time that stand
 * apart are joined. What is chosen is extracted.
 */
export function extractDate(masked: MaskedText, context: AssistantContext): ParsedDate | undefined {
  const dates = parseDates(masked, context);
  const invalid = dates.find((date) => date.invalid);
  if (invalid) {
    masked.extract(invalid.start, invalid.end);
    return invalid;
  }
  const linked = dates.filter((date) => date.linked || isApart(masked, date));
  const chosen = linked.findLast((date) => date.timed && date.dated) ?? linked.at(-1) ?? dates.at(-1);
  if (!chosen) return undefined;
  const other =
    dates.find((date) => date !== chosen && date.timed !== chosen.timed && date.dated !== chosen.dated) ??
    dates.find((date) => date !== chosen && isExact(date, chosen));
  for (const date of other ? [chosen, other] : [chosen]) masked.extract(date.start, date.end);
  return other ? joined(chosen, other) : chosen;
}

/** "Friday afternoon …, from 2 to 6": a part of a day and its hours. */
function isExact(one: ParsedDate, other: ParsedDate): boolean {
  const [day, time] = one.dated ? [one, other] : [other, one];
  return day.dated && day.vague === true && time.timed && !time.dated && time.vague !== true;
}

function isApart(masked: MaskedText, date: ParsedDate): boolean {
  const before = masked.tokens[date.start - 1];
  return before === undefined || before.kind !== 'word';
}

function joined(one: ParsedDate, other: ParsedDate): ParsedDate {
  const [day, time] = one.dated ? [one, other] : [other, one];
  const at = { ...day.at, hour: time.at.hour, minute: time.at.minute };
  const until = time.until ? { ...at, hour: time.until.hour, minute: time.until.minute } : undefined;
  return { ...day, at, timed: true, ...(until ? { until } : {}) };
}

export function timesOf(date: ParsedDate | undefined, minutes: number | undefined, context: AssistantContext): Times {
  if (!date) return {};
  if (date.invalid) return { invalidDate: true };
  const start = startInstant(date, context.zone);
  const until = date.until ? startInstant({ ...date, at: date.until }, context.zone) : undefined;
  const length = minutes ?? (until === undefined ? undefined : 0);
  const end = until !== undefined && until > start ? until : length ? start + length * 60_000 : undefined;
  const timeOnly = date.timed && !date.dated ? { timeOnly: { hour: date.at.hour, minute: date.at.minute } } : {};
  return { ...timeOnly, due: dueInstant(date, context.zone), start, ...(end === undefined ? {} : { end }) };
}

/** "push it back by two days": counted from the date that the thing has, else from now. */
export function extractShift(
  masked: MaskedText,
  target: Item | undefined,
  context: AssistantContext,
  moves: boolean,
): Times | undefined {
  const words = dateWordsOf(masked.lexicon);
  const { by, earlier } = masked.lexicon.data.dates;
  const lead = masked.lexicon.set(by);
  const back = masked.lexicon.set(earlier).all(masked.tokens).length > 0;
  const more = extraAmount(masked);
  for (let at = more?.start ?? 0; at < masked.tokens.length; at += 1) {
    const start = masked.isFree(at) ? lead.at(masked.tokens, at) : undefined;
    const from = start?.end ?? (moves && masked.isFree(at) && !words.in.at(masked.tokens, at - 1) ? at : undefined);
    const amount = more ?? (from === undefined ? undefined : amountAt(masked.tokens, from, words));
    if (amount && words.fromNow.at(masked.tokens, amount.end)) continue;
    if (!amount) continue;
    masked.extract(at, amount.end);
    // "it was due Friday, give it two more days": the date that it has counts, not the one that is told.
    if (more) for (const told of parseDates(masked, context)) masked.extract(told.start, told.end);
    const row = target?.row ?? {};
    const own = instantIn(row['due_date'] ?? row['date'] ?? row['start_time'] ?? row['starts_at'] ?? row['start']);
    const value = back ? -amount.value : amount.value;
    const base = own ?? context.now;
    const due =
      amount.unit === 'minute' || amount.unit === 'hour'
        ? base + value * (amount.unit === 'hour' ? 60 : 1) * 60_000
        : shiftedDay(base, value, amount.unit, context.zone);
    return { due, start: due };
  }
  return undefined;
}

function shiftedDay(from: number, value: number, unit: 'day' | 'week' | 'month' | 'year', zone: string): number {
  const local = toLocal(from, zone);
  return toInstant({ ...shiftBy(local, value, unit), hour: local.hour, minute: local.minute }, zone);
}

export function instantIn(value: unknown): number | undefined {
  if (typeof value === 'number') return value > 0 ? value : undefined;
  const parsed = typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** A stretch of time in words, as instants `[from, to)`. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
  readonly label: RangeLabel;
}

export type RangeLabel = 'overdue' | 'day' | 'week' | 'weekend' | 'month';

const SPAN_LABELS: Partial<Record<Span, RangeLabel>> = {
  nextWeek: 'week',
  thisWeek: 'week',
  lastWeek: 'week',
  weekend: 'weekend',
  nextMonth: 'month',
  thisMonth: 'month',
  lastMonth: 'month',
};

/**
 * The stretch that a question speaks of: "overdue", "this week", or the one day that it names. Weeks begin on Monday.
 * All dates of the question are extracted.
 */
export function extractRange(masked: MaskedText, context: AssistantContext): TimeRange | undefined {
  const overdue = masked.lexicon.set(masked.lexicon.data.dates.overdue).all(masked.tokens)[0];
  const dates = parseDates(masked, context);
  for (const date of dates) masked.extract(date.start, date.end);
  if (overdue) {
    masked.extract(overdue.start, overdue.end);
    return { from: 0, to: context.now, label: 'overdue' };
  }
  const [date] = dates;
  if (!date) return undefined;
  const local = { ...date.at, hour: 0, minute: 0 };
  const range = (first: LocalDateTime, days: number, label: RangeLabel): TimeRange => ({
    from: toInstant(first, context.zone),
    to: toInstant(addDays(first, days), context.zone),
    label,
  });
  const label = date.span === undefined ? 'day' : (SPAN_LABELS[date.span] ?? 'day');
  if (label === 'week') return range(addDays(local, -((weekdayOf(local) + 6) % 7)), 7, label);
  if (label === 'weekend') return range(local, 2, label);
  if (label === 'day') return range(local, 1, label);
  return range({ ...local, day: 1 }, new Date(Date.UTC(local.year, local.month, 0)).getUTCDate(), label);
}
