import type { LocalDateTime } from '../text/time-zone';
import type { Token } from '../text/tokens';
import type { DateAtom, DateDefaults } from './date-atom';
import type { DateWords } from './date-words';

/** "4 December 2026", "Dec 4th", "the thirty-first of January", "4. Dezember". */
export function spelledDate(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
  { now }: DateDefaults,
): DateAtom | undefined {
  const month = words.months.at(tokens, at);
  if (month) {
    const day = dayNumber(tokens, month.end, words);
    if (!day) return undefined;
    const year = yearAt(tokens, day.end);
    return dated(at, year?.end ?? day.end, day.value, month.value, year?.value, now);
  }
  const day = dayNumber(tokens, at, words);
  if (!day) return undefined;
  let next = day.end;
  if (tokens[next]?.text === '.') next += 1;
  if (/^(?:of|de|del|di|des|d')$/.test(tokens[next]?.word ?? '')) next += 1;
  const named = words.months.at(tokens, next);
  if (!named) return undefined;
  const of = /^(?:de|del|of|,)$/.test(tokens[named.end]?.word ?? '') ? 1 : 0;
  const year = yearAt(tokens, named.end + of);
  return dated(at, year?.end ?? named.end, day.value, named.value, year?.value, now);
}

export function dayNumber(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
): { value: number; end: number } | undefined {
  const number = /^(\d{1,2})(?:st|nd|rd|th|er|º|ª|°|\.)?$/.exec(tokens[at]?.word ?? '');
  if (number) return { value: Number(number[1]), end: at + 1 };
  const the = tokens[at]?.word === 'the' ? 1 : 0;
  const ordinal = words.ordinals.at(tokens, at + the) ?? (the === 0 ? words.numbers.at(tokens, at) : undefined);
  return ordinal && Number.isInteger(ordinal.value) ? { value: ordinal.value, end: ordinal.end } : undefined;
}

export function yearAt(tokens: readonly Token[], at: number): { value: number; end: number } | undefined {
  const comma = tokens[at]?.text === ',' ? 1 : 0;
  const year = /^(20\d\d)\.?$/.exec(tokens[at + comma]?.word ?? '');
  return year ? { value: Number(year[1]), end: at + comma + 1 } : undefined;
}

export function dated(
  start: number,
  end: number,
  day: number,
  month: number,
  year: number | undefined,
  now: LocalDateTime,
): DateAtom {
  const inMonth = new Date(Date.UTC(year ?? 2024, month, 0)).getUTCDate();
  if (day < 1 || month < 1 || month > 12 || day > inMonth) return { kind: 'invalid', start, end };
  const past = month < now.month || (month === now.month && day < now.day);
  const full = year ?? (past ? now.year + 1 : now.year);
  if (new Date(Date.UTC(full, month - 1, day)).getUTCDate() !== day) return { kind: 'invalid', start, end };
  return { kind: 'day', start, end, day: { year: full, month, day, hour: 0, minute: 0 } };
}

/** ISO, dotted and slashed dates; the locale decides which of day and month comes first in slashed ones. */
export function numericDate(token: Token, at: number, { now, monthFirst }: DateDefaults): DateAtom | undefined {
  if (token.kind !== 'number') return undefined;
  const iso = /^(\d{4})-(\d\d)-(\d\d)/.exec(token.word);
  if (iso) return dated(at, at + 1, Number(iso[3]), Number(iso[2]), Number(iso[1]), now);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.?(?:(\d{4}|\d\d))?\.?$/.exec(token.word);
  const dots = (token.word.match(/\./g) ?? []).length;
  if (dotted && dots >= 2) return dated(at, at + 1, Number(dotted[1]), Number(dotted[2]), fullYear(dotted[3]), now);
  const slashed = /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d\d))?\.?$/.exec(token.word);
  if (!slashed) return undefined;
  const [one, other] = [Number(slashed[1]), Number(slashed[2])];
  const swap = monthFirst ? one <= 12 : other > 12;
  return dated(at, at + 1, swap ? other : one, swap ? one : other, fullYear(slashed[3]), now);
}

export function fullYear(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return text.length === 2 ? 2000 + Number(text) : Number(text);
}

/** "end of March", "mid January", "Anfang Juni". */
export function partOfMonth(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
  now: LocalDateTime,
): DateAtom | undefined {
  for (const [index, day] of [
    [words.startOf, 1],
    [words.midOf, 15],
    [words.endOf, 0],
  ] as const) {
    const part = index.at(tokens, at);
    const month = part && words.months.at(tokens, part.end);
    if (!month) continue;
    const year = yearAt(tokens, month.end);
    const full = year?.value ?? (month.value < now.month ? now.year + 1 : now.year);
    return dated(at, year?.end ?? month.end, day === 0 ? lastOf(full, month.value).day : day, month.value, full, now);
  }
  return undefined;
}

/** "first Monday in January", "letzter Freitag im Monat". */
export function weekdayOfMonth(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
  now: LocalDateTime,
): DateAtom | undefined {
  const the = /^(?:the|il|le|el|la|der|den|am|l')$/.test(tokens[at]?.word ?? '') ? 1 : 0;
  const last = words.last.at(tokens, at + the);
  const ordinal = words.ordinals.at(tokens, at + the);
  const weekday = words.weekdays.at(tokens, (last ?? ordinal)?.end ?? tokens.length);
  if (!weekday || (ordinal && ordinal.value > 5)) return undefined;
  const link = /^(?:in|of|im|des|di|del|de|du|d'|en|a|au|a)$/.test(tokens[weekday.end]?.word ?? '')
    ? weekday.end + 1
    : weekday.end;
  const month = words.months.at(tokens, link);
  if (!month) return undefined;
  const year = yearAt(tokens, month.end);
  const full = year?.value ?? (month.value < now.month ? now.year + 1 : now.year);
  const end = lastOf(full, month.value).day;
  const first = 1 + ((weekday.value - new Date(Date.UTC(full, month.value - 1, 1)).getUTCDay() + 7) % 7);
  const day = ordinal ? first + 7 * (ordinal.value - 1) : first + 7 * Math.floor((end - first) / 7);
  return dated(at, year?.end ?? month.end, day, month.value, full, now);
}

/** "Thursday 3": the next day of that number that is such a weekday. */
export function numberedWeekday(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
  now: LocalDateTime,
): DateAtom | undefined {
  const weekday = words.weekdays.at(tokens, at);
  const the = weekday && /^(?:the|der|den|il|le|el|dem)$/.test(tokens[weekday.end]?.word ?? '') ? 1 : 0;
  const number = weekday && /^(\d{1,2})(?:st|nd|rd|th|\.)?$/.exec(tokens[weekday.end + the]?.word ?? '');
  if (!weekday || !number || words.months.at(tokens, weekday.end + the + 1)) return undefined;
  const end = weekday.end + the + 1;
  const at5 = words.at.at(tokens, end) !== undefined;
  const hour = !at5 && [words.oclock, words.rangeTo, words.parts].some((index) => index.at(tokens, end) !== undefined);
  if (hour || /^(?:-|–|am|pm|h|:)$/.test(tokens[end]?.word ?? '')) return undefined;
  const day = Number(number[1]);
  for (let months = 0; months < 4; months += 1) {
    const { year, month, day: last } = lastOf(now.year, now.month + months);
    if (day < 1 || day > last || (months === 0 && day < now.day)) continue;
    if (new Date(Date.UTC(year, month - 1, day)).getUTCDay() === weekday.value)
      return dated(at, weekday.end + the + 1, day, month, year, now);
  }
  return undefined;
}

/** "the 15th", "am 15.", "il 15": the next day of that number. */
export function dayOfMonth(
  tokens: readonly Token[],
  at: number,
  words: DateWords,
  now: LocalDateTime,
): DateAtom | undefined {
  if (words.months.at(tokens, at + 2) ?? words.months.at(tokens, at + 3)) return undefined;
  const lead = tokens[at]?.word ?? '';
  const number = tokens[at + 1]?.word ?? '';
  const spelled =
    lead === 'the' && /^(?:on|by|for|until|before)$/.test(tokens[at - 1]?.word ?? '')
      ? words.ordinals.at(tokens, at + 1)
      : undefined;
  const behind = tokens[spelled?.end ?? at + 2];
  const ordinal = lead === 'the' ? /^(\d{1,2})(?:st|nd|rd|th)$/.exec(number) : null;
  const dotted = /^(?:am|zum|den)$/.test(lead) ? /^(\d{1,2})\.$/.exec(number) : null;
  const closes =
    behind === undefined ||
    behind.kind === 'mark' ||
    behind.kind === 'break' ||
    /^(?:at|alle|a|à|a las)$/.test(behind.word);
  const plain = /^(?:il|le|el|dia|giorno)$/.test(lead) && closes ? /^(\d{1,2})$/.exec(number) : null;
  const day = spelled && closes ? spelled.value : Number((ordinal ?? dotted ?? plain)?.[1] ?? 0);
  if (
    day < 1 ||
    day > 31 ||
    /^(?:of|draft|version|time|floor|anniversary|birthday|edition|chapter|grade)$/.test(behind?.word ?? '')
  )
    return undefined;
  const month = day >= now.day ? now.month : (now.month % 12) + 1;
  return dated(
    at,
    spelled && closes ? spelled.end : at + 2,
    day,
    month,
    month < now.month ? now.year + 1 : now.year,
    now,
  );
}

export function lastOf(year: number, month: number): LocalDateTime {
  const date = new Date(Date.UTC(year, month, 0));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0 };
}
