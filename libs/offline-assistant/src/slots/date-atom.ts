import type { DayPart } from '../lexicon/lexicon';
import type { LocalDateTime } from '../text/time-zone';
import type { Span } from './date-words';

/** The smallest pieces of a date in words; `start` and `end` count tokens. */
export type DateAtom = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'day'; readonly day: LocalDateTime; readonly weekday?: boolean; readonly bare?: boolean }
  | { readonly kind: 'week'; readonly weeks: number; readonly span: Span; readonly day: LocalDateTime }
  | { readonly kind: 'time'; readonly time: ClockTime; readonly until?: ClockTime }
  | { readonly kind: 'part'; readonly part: DayPart; readonly minutes: number }
  | { readonly kind: 'amount'; readonly minutes: number }
  | { readonly kind: 'invalid' }
);

export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  /** Whether am, pm, "Uhr", a leading zero or 24 hours leave no doubt. */
  readonly certain: boolean;
}

export interface DateDefaults {
  readonly now: LocalDateTime;
  readonly monthFirst: boolean;
}
