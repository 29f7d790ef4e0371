import * as chrono from 'chrono-node';

import type { Language } from './language';
import { addDays, instantOf, utcOf, wallOf, weekdayOf, type Wall } from './zone';
import { pattern } from './pattern';

/** A date in words, found at `[start, end)` of a text. */
export interface Moment {
  readonly start: number;
  readonly end: number;
  readonly at: Wall;
  readonly until?: Wall;
  /** Whether a time of day was said; without one `at` is midnight. */
  readonly timed: boolean;
  /** Set when an amount of time from now was said ("in 2 hours"): exact even when clocks change in between. */
  readonly instant?: number;
}

export interface Clockwork {
  readonly now: number;
  readonly zone: string;
}

const HINT = pattern(
  'i',
  String.raw`\d|day|tod|tom|ton|week|month|year|noon|night|morn|even|hour|minute|mon|tue|wed|thu|fri|sat|sun`,
  String.raw`|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|end of|eod|eow|half past|quarter|heut|frei|sams`,
  String.raw`|sonn|dien|tag|woch|mittw|donn|stund|gen|mag|giu|lug|ago|set|ott|dic|ogg|dom|lun|gio|ven|sab|sta`,
  String.raw`|ora|ore|fra|tra|settiman|mes`,
);
/** Words that are dates only in company. */
const DOUBTFUL = pattern(
  'i',
  String.raw`^(?:(?:the )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)|mo|di|mi|do|fr|sa|so|may`,
  String.raw`|march|mar|sun|sat|wed|second|now|jetzt|ora|adesso|set|for\b.*|per\b.*|\d{1,2}(?:\.\d{1,2})?`,
  String.raw`|[\d.]+[hmd])$`,
);
const LEAD =
  /\b(?:by|on|in|until|till|before|after|from|next|this|last|due|since|am|bis|im|entro|il|di)\s+(?:the\s+)?$/i;
const HOURS: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
};

const readers: Readonly<Record<Language, chrono.Chrono>> = {
  en: english(),
  de: chrono.de.casual,
  it: chrono.it.casual,
};

/**
 * The dates of a text, in its order, read on the wall clock of the zone; pure, and works on at most what the
 * caller shows.
 * An hour from 1 to 6 without am, pm or a leading zero is in the afternoon ("at 5" is 17:00). A bare time that is
 * over today is tomorrow's.
 */
export function findMoments(text: string, clock: Clockwork, language: Language): Moment[] {
  if (!HINT.test(text)) return [];
  const wall = wallOf(clock.now, clock.zone);
  const reference = { instant: new Date(utcOf(wall)), timezone: 0 };
  // Behind a comma chrono's German reads "morgen um 17 Uhr" as this morning; a letter in its place changes nothing
  // else.
  const readable = language === 'de' ? text.replace(/[|,;!?()"]/g, 'x') : text;
  return readers[language]
    .parse(readable, reference, { forwardDate: true })
    .filter(
      (found) =>
        !DOUBTFUL.test(found.text) || (LEAD.test(text.slice(0, found.index)) && !/^(?:for|per)\b/i.test(found.text)),
    )
    .map((found) => momentOf(found, wall, clock));
}

/** The last minute of a day that was said without a time: what is due "on Friday" is not late on Friday. */
export function dueInstant(moment: Moment, zone: string): number {
  if (moment.instant !== undefined) return moment.instant;
  return instantOf(moment.timed ? moment.at : { ...moment.at, hour: 23, minute: 59 }, zone);
}

/** What takes place on a day that was said without a time begins at 9:00. */
export function startInstant(moment: Moment, zone: string): number {
  if (moment.instant !== undefined) return moment.instant;
  return instantOf(moment.timed ? moment.at : { ...moment.at, hour: 9, minute: 0 }, zone);
}

function momentOf(found: chrono.ParsedResult, today: Wall, clock: Clockwork): Moment {
  const span = { start: found.index, end: found.index + found.text.length };
  const said = partsOf(found.start);
  if (found.start.tags().has('result/relativeDateAndTime')) {
    return { ...span, at: said, timed: true, instant: clock.now + utcOf(said) - utcOf(today) };
  }
  const dayPart = dayPartOf(found);
  const timed = found.start.isCertain('hour') || dayPart !== undefined;
  if (!timed) return { ...span, at: { ...said, hour: 0, minute: 0 }, timed };
  const at = settle({ ...said, ...(found.start.isCertain('hour') ? afternoon(said, found) : dayPart) }, found, today);
  const until = found.end ? partsOf(found.end) : undefined;
  const end = until ? { ...until, ...afternoon(until, found), year: at.year, month: at.month, day: at.day } : undefined;
  return { ...span, at, timed, ...(end ? { until: end } : {}) };
}

/** chrono takes a bare time that is over for tomorrow's before we know whether it meant the afternoon. */
function settle(at: Wall, found: chrono.ParsedResult, today: Wall): Wall {
  const { start } = found;
  if (start.isCertain('day') || start.isCertain('weekday') || start.isCertain('month')) return at;
  const sameDay = { ...at, year: today.year, month: today.month, day: today.day };
  return utcOf(sameDay) > utcOf(today) ? sameDay : addDays(sameDay, 1);
}

function afternoon(said: Wall, found: chrono.ParsedResult): Pick<Wall, 'hour' | 'minute'> {
  const plain = !found.start.isCertain('meridiem') && !/\b0\d[:.]|\bT\d/.test(found.text);
  const later = plain && said.hour >= 1 && said.hour <= 6;
  return { hour: later ? said.hour + 12 : said.hour, minute: said.minute };
}

function dayPartOf(found: chrono.ParsedResult): Pick<Wall, 'hour' | 'minute'> | undefined {
  const tags = found.start.tags();
  const words = found.text.toLowerCase();
  if (tags.has('casualReference/tonight') || /tonight|stasera|heute abend/.test(words)) return { hour: 20, minute: 0 };
  if (/morning|früh|vormittag|mattina/.test(words) && !/yesterday/.test(words)) return { hour: 9, minute: 0 };
  if (/afternoon|nachmittag|pomeriggio/.test(words)) return { hour: 15, minute: 0 };
  if (/evening|abend|sera|night/.test(words)) return { hour: 19, minute: 0 };
  if (/noon|midday|mittag|mezzogiorno|lunch/.test(words)) return { hour: 12, minute: 0 };
  return /midnight|mitternacht|mezzanotte/.test(words) ? { hour: 0, minute: 0 } : undefined;
}

function partsOf(parts: chrono.ParsedComponents): Wall {
  const part = (name: chrono.Component): number => parts.get(name) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/** English with what chrono leaves out: "the 15th", "end of the week", "eod", "half past five". */
function english(): chrono.Chrono {
  const reader = chrono.en.casual.clone();
  const wallOfReference = (date: Date): Wall => ({
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: 0,
    minute: 0,
  });
  reader.parsers.push(
    {
      pattern: () => /\bthe (\d{1,2})(?:st|nd|rd|th)\b(?! (?:of|draft|version|time|floor|anniversary))/i,
      extract: (context, match) => {
        const today = wallOfReference(context.reference.getDateWithAdjustedTimezone());
        const day = Number(match[1]);
        if (day < 1 || day > 31) return null;
        const month = day >= today.day ? today.month : (today.month % 12) + 1;
        return { day, month, year: month < today.month ? today.year + 1 : today.year };
      },
    },
    {
      pattern: () => /\b(?:end of (?:the |this )?(?:working )?week|eow)\b/i,
      extract: (context) => {
        const today = wallOfReference(context.reference.getDateWithAdjustedTimezone());
        const friday = addDays(today, (5 - weekdayOf(today) + 7) % 7);
        return { day: friday.day, month: friday.month, year: friday.year };
      },
    },
    {
      pattern: () => /\b(?:end of (?:the |this )?day|eod)\b/i,
      extract: (context) => {
        const today = wallOfReference(context.reference.getDateWithAdjustedTimezone());
        return { day: today.day, month: today.month, year: today.year };
      },
    },
    {
      pattern: () =>
        /\b(?:at )?(half past|quarter past|quarter to) (one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b/i,
      extract: (_context, match) => {
        const hour = HOURS[match[2]?.toLowerCase() ?? ''] ?? Number(match[2]);
        if (hour > 23) return null;
        if (match[1]?.toLowerCase() === 'quarter to') return { hour: (hour + 23) % 24, minute: 45 };
        return { hour, minute: match[1]?.toLowerCase() === 'half past' ? 30 : 15 };
      },
    },
  );
  return reader;
}
