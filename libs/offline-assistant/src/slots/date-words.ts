import type { DateLexicon, DayPart, DateUnit } from '../lexicon/lexicon';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { PhraseIndex, phraseSet } from '../text/phrase-index';

/** Where a week, a month, a day or a year ends or lies. */
export type Span =
  | 'endOfWeek'
  | 'endOfNextWeek'
  | 'endOfMonth'
  | 'endOfDay'
  | 'endOfYear'
  | 'weekend'
  | 'nextWeek'
  | 'thisWeek'
  | 'lastWeek'
  | 'nextMonth'
  | 'thisMonth'
  | 'lastMonth'
  | 'fortnight'
  | 'weekFromToday';

export const SPANS: readonly Span[] = [
  'endOfWeek',
  'endOfNextWeek',
  'endOfMonth',
  'endOfDay',
  'endOfYear',
  'weekend',
  'nextWeek',
  'thisWeek',
  'lastWeek',
  'nextMonth',
  'thisMonth',
  'lastMonth',
  'fortnight',
  'weekFromToday',
];

/** The date words of a language, indexed. */
export class DateWords {
  readonly days = new PhraseIndex<number>();
  readonly weekdays = new PhraseIndex<number>();
  readonly months = new PhraseIndex<number>();
  readonly spans = new PhraseIndex<Span>();
  readonly parts = new PhraseIndex<DayPart>();
  readonly numbers = new PhraseIndex<number>();
  readonly ordinals = new PhraseIndex<number>();
  readonly units = new PhraseIndex<DateUnit>();
  /** Minutes that a phrase adds to the hour behind it. */
  readonly before = new PhraseIndex<number>();
  /** Minutes that a phrase adds to the hour in front of it. */
  readonly behind = new PhraseIndex<number>();
  readonly named = new PhraseIndex<string>();
  /** Times with minutes are of 24 hours. */
  readonly literal: boolean;
  readonly startOf: PhraseIndex<true>;
  readonly midOf: PhraseIndex<true>;
  readonly endOf: PhraseIndex<true>;
  readonly at: PhraseIndex<true>;
  readonly oclock: PhraseIndex<true>;
  readonly lead: PhraseIndex<true>;
  readonly in: PhraseIndex<true>;
  readonly fromNow: PhraseIndex<true>;
  readonly next: PhraseIndex<true>;
  readonly this: PhraseIndex<true>;
  readonly last: PhraseIndex<true>;
  readonly rangeFrom: PhraseIndex<true>;
  readonly rangeTo: PhraseIndex<true>;
  readonly weekLater: PhraseIndex<true>;

  constructor(data: DateLexicon, literal: boolean) {
    this.literal = literal;
    for (const [offset, phrases] of Object.entries(data.days)) this.days.add(phrases, Number(offset));
    data.weekdays.forEach((phrases, index) => this.weekdays.add(phrases, (index + 1) % 7));
    data.months.forEach((phrases, index) => this.months.add(phrases, index + 1));
    for (const span of SPANS) this.spans.add(data[span], span);
    for (const part of PARTS) this.parts.add(data.parts[part], part);
    for (const [words, value] of Object.entries(data.numbers)) this.numbers.add(words, value);
    for (const [words, value] of Object.entries(data.ordinals)) this.ordinals.add(words, value);
    for (const unit of UNITS) this.units.add(data.units[unit], unit);
    this.before.add(data.halfPast, 30).add(data.halfBefore, -30).add(data.quarterPast, 15).add(data.quarterTo, -15);
    this.before.add(data.threeQuarters, -15);
    this.behind.add(data.andHalf, 30).add(data.andQuarter, 15).add(data.lessQuarter, -15);
    for (const [name, phrases] of Object.entries(data.named)) this.named.add(phrases, name);
    this.startOf = phraseSet(data.startOf);
    this.midOf = phraseSet(data.midOf);
    this.endOf = phraseSet(data.endOf);
    this.at = phraseSet(data.at);
    this.oclock = phraseSet(data.oclock);
    this.lead = phraseSet(data.lead);
    this.in = phraseSet(data.in);
    this.fromNow = phraseSet(data.fromNow);
    this.next = phraseSet(data.next);
    this.this = phraseSet(data.this);
    this.last = phraseSet(data.last);
    this.rangeFrom = phraseSet(data.rangeFrom);
    this.rangeTo = phraseSet(data.rangeTo);
    this.weekLater = phraseSet(data.weekLater);
  }
}

const PARTS: readonly DayPart[] = ['morning', 'noon', 'afternoon', 'evening', 'night', 'midnight'];
const UNITS: readonly DateUnit[] = ['minute', 'hour', 'day', 'week', 'month', 'year'];

const made = new Map<CompiledLexicon, DateWords>();

export function dateWordsOf(lexicon: CompiledLexicon): DateWords {
  const known = made.get(lexicon);
  if (known) return known;
  const words = new DateWords(lexicon.data.dates, lexicon.data.language !== 'en');
  made.set(lexicon, words);
  return words;
}
