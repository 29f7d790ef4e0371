import { LANGUAGES, type Language } from '../lexicon/lexicon';
import { lexiconOf } from '../text/compiled-lexicon';
import { fold } from '../text/clean';
import type { MaskedText } from '../text/masked-text';
import { RECURRENCE_WORDS } from './recurrence-words';

export interface Recurrence {
  /** An RRULE of RFC 5545. */
  readonly rule: string;
  /** Where the words name a part of the day. */
  readonly hour?: number;
}

interface Found extends Recurrence {
  readonly start: number;
  readonly end: number;
}

type Reader = (match: RegExpExecArray) => Recurrence | undefined;

const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
/** Days with rest between them, by how many there are. */
const SPREAD = ['', 'MO', 'MO,TH', 'MO,WE,FR', 'MO,TU,TH,FR', 'MO,TU,WE,TH,FR', 'MO,TU,WE,TH,FR,SA'];
const MAX_INTERVAL = 99;

/** How often something is to be done, in the words of the text; what says it is extracted. */
export function extractRecurrence(masked: MaskedText): Recurrence | undefined {
  const { text, ends } = wordsOf(masked);
  const found = patternsOf(masked.lexicon.data.language).flatMap(([pattern, read]) => {
    const match = new RegExp(` (?:${pattern})(?= )`, 'd').exec(text);
    const recurrence = match && read(match);
    return match && recurrence ? [{ ...recurrence, start: match.index, end: match.index + match[0].length }] : [];
  });
  // The longest words first: "every other day" is not "every day".
  const [best] = found.sort((one: Found, other: Found) => other.end - other.start - (one.end - one.start));
  if (!best) return undefined;
  const tokens = ends.flatMap((end, at) => (end > best.start + 1 && end <= best.end ? [at] : []));
  masked.extract(Math.min(...tokens), Math.max(...tokens) + 1);
  const { rule, hour } = best;
  return hour === undefined ? { rule } : { rule, hour };
}

/** The folded words with a space around each, and where each ends. */
function wordsOf(masked: MaskedText): { text: string; ends: number[] } {
  let text = ' ';
  const ends = masked.tokens.map((token, at) => {
    text += masked.isFree(at) ? `${token.word === '' ? fold(token.text) : token.word} ` : '\u0000 ';
    return text.length - 1;
  });
  return { text, ends };
}

const PATTERNS = new Map<Language, readonly (readonly [string, Reader])[]>(
  LANGUAGES.map((language) => [language, build(language)]),
);

function patternsOf(language: Language): readonly (readonly [string, Reader])[] {
  return PATTERNS.get(language) ?? [];
}

function build(language: Language): readonly (readonly [string, Reader])[] {
  const words = RECURRENCE_WORDS[language];
  const { every, and } = words;
  const days = lexiconOf(language).data.dates.weekdays.map((names) => pluralsOf(names.split('|').map(fold)));
  const day = days.flat().join('|');
  const list = `(?:${day})(?: (?:${and}) (?:(?:${every}|${words.on}) )?(?:${day}))*`;
  const number = `(\\d{1,2}|${Object.keys(words.numbers).join('|')})`;
  const always =
    (rule: string): Reader =>
    () => ({ rule });
  const counted =
    (unit: string): Reader =>
    (match) =>
      intervalOf(unit, match[1] ?? '', words.numbers);
  const units = [
    ['DAILY', words.day, words.daily],
    ['WEEKLY', words.week, words.weekly],
    ['MONTHLY', words.month, words.monthly],
    ['YEARLY', words.year, words.yearly],
  ] as const;
  return [
    ...units.flatMap(([frequency, noun, adverb]) => [
      [`(?:${every}) (?:${noun})|${adverb}`, always(`FREQ=${frequency}`)] as const,
      [`(?:${every}) ${number} (?:${noun})`, counted(frequency)] as const,
      [`(?:${words.other}) (?:${noun})`, always(`FREQ=${frequency};INTERVAL=2`)] as const,
    ]),
    [words.other, always('FREQ=WEEKLY;INTERVAL=2')],
    [words.workdays, always('FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR')],
    [words.weekend, always('FREQ=WEEKLY;BYDAY=SA,SU')],
    [`(?:${every}) (${Object.keys(words.parts).join('|')})`, (match) => partOf(words.parts, match[1])],
    [`${number} (?:${words.timesAWeek})`, (match) => spread(numberOf(match[1] ?? '', words.numbers))],
    ...Object.entries(words.countWords).map(([text, count]) => [text, () => spread(count)] as const),
    [`(?:${every}) (${list})`, (match) => byDay(match[1] ?? '', days)],
    [`(?:${words.on}) (${pluralList(days, and)})`, (match) => byDay(match[1] ?? '', days)],
    ...(language === 'de'
      ? [[`(${pluralList(days, and)})`, (match: RegExpExecArray) => byDay(match[1] ?? '', days)] as const]
      : []),
  ];
}

function pluralsOf(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => (name.length > 4 && !name.endsWith('s') ? [`${name}s`, name] : [name])))];
}

/** Weekdays in the plural: "Mondays", "montags", "los lunes". */
function pluralList(days: readonly (readonly string[])[], and: string): string {
  const plurals = days
    .flat()
    .filter((name) => name.length > 4 && name.endsWith('s'))
    .join('|');
  return `(?:${plurals})(?: (?:${and}) (?:${plurals}))*`;
}

function byDay(text: string, days: readonly (readonly string[])[]): Recurrence | undefined {
  const words = new Set(text.split(' '));
  const named = DAYS.filter((_, at) => days[at]?.some((name) => words.has(name)));
  return named.length > 0 ? { rule: `FREQ=WEEKLY;BYDAY=${named.join(',')}` } : undefined;
}

function partOf(parts: Readonly<Record<string, number>>, word = ''): Recurrence {
  const hour = parts[word];
  return hour === undefined ? { rule: 'FREQ=DAILY' } : { rule: 'FREQ=DAILY', hour };
}

function spread(count: number): Recurrence | undefined {
  if (count >= 7) return { rule: 'FREQ=DAILY' };
  const days = SPREAD[count];
  return days ? { rule: `FREQ=WEEKLY;BYDAY=${days}` } : undefined;
}

function intervalOf(unit: string, text: string, numbers: Readonly<Record<string, number>>): Recurrence | undefined {
  const count = numberOf(text, numbers);
  if (count < 1 || count > MAX_INTERVAL) return undefined;
  return { rule: count === 1 ? `FREQ=${unit}` : `FREQ=${unit};INTERVAL=${count}` };
}

function numberOf(text: string, numbers: Readonly<Record<string, number>>): number {
  return numbers[text] ?? Number(text);
}
