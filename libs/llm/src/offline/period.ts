import { addDays, instantOf, wallOf, weekdayOf, type Wall } from './zone';
import type { Clockwork, Moment } from './dates';
import { pattern } from './pattern';

/** A stretch of time in words, as instants `[from, to)`. */
export interface Period {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** Words of time that are no part of a name to search for. */
export const TIME_WORDS = pattern(
  'd',
  String.raw`\b(?:overdue|past due|late|due|(?:this|next|last|past|coming|current) (?:week|month|weekend)`,
  String.raw`|today|tonight|tomorrow|yesterday|weekend|upcoming)\b`,
);
const OVERDUE = /\b(?:overdue|past due|late|behind|missed|uberfallig|in ritardo|scadut[aeio])\b/;
const NAMED = pattern(
  '',
  String.raw`\b(today|tonight|tomorrow|yesterday|(?:this|next|last|past|coming|current) (?:week|month)`,
  String.raw`|(?:this |next |the )?weekend|heute|morgen|gestern|(?:diese|nachste|letzte)[rn]? woche|oggi`,
  String.raw`|stasera|domani|ieri|questa settimana|(?:prossima|scorsa) settimana|settimana (?:prossima`,
  String.raw`|scorsa)|week)\b`,
);

/**
 * The stretch that a question speaks of: "overdue", "this week", or the one day that it names. Weeks begin on
 * Monday.
 */
export function periodOf(folded: string, moments: readonly Moment[], clock: Clockwork): Period | undefined {
  const today = { ...wallOf(clock.now, clock.zone), hour: 0, minute: 0 };
  const stretch = (first: Wall, days: number, label: string): Period => ({
    from: instantOf(first, clock.zone),
    to: instantOf(addDays(first, days), clock.zone),
    label,
  });
  if (OVERDUE.test(folded)) return { from: 0, to: clock.now, label: 'overdue' };
  const named = NAMED.exec(folded)?.[1];
  if (named !== undefined) return namedPeriod(named, today, stretch);
  const day = moments[0]?.at;
  return day ? stretch({ ...day, hour: 0, minute: 0 }, 1, 'on that day') : undefined;
}

type Stretch = (first: Wall, days: number, label: string) => Period;

function namedPeriod(name: string, today: Wall, stretch: Stretch): Period {
  const monday = addDays(today, -((weekdayOf(today) + 6) % 7));
  if (/month/.test(name)) return month(name, today, stretch);
  if (/weekend/.test(name)) return stretch(addDays(monday, name.startsWith('next') ? 12 : 5), 2, 'on the weekend');
  if (/week|woche|settimana/.test(name)) {
    if (/next|coming|nachste|prossima/.test(name)) return stretch(addDays(monday, 7), 7, 'next week');
    if (/last|past|letzte|scorsa/.test(name)) return stretch(addDays(monday, -7), 7, 'last week');
    return stretch(monday, 7, 'this week');
  }
  if (/^(?:tomorrow|morgen|domani)/.test(name)) return stretch(addDays(today, 1), 1, 'tomorrow');
  if (/^(?:yesterday|gestern|ieri)/.test(name)) return stretch(addDays(today, -1), 1, 'yesterday');
  return stretch(today, 1, 'today');
}

function month(name: string, today: Wall, stretch: Stretch): Period {
  const shift = /next|coming/.test(name) ? 1 : /last|past/.test(name) ? -1 : 0;
  const first = new Date(Date.UTC(today.year, today.month - 1 + shift, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const wall = { ...today, year: first.getUTCFullYear(), month: first.getUTCMonth() + 1, day: 1 };
  return stretch(wall, days, `${shift === 0 ? 'this' : shift > 0 ? 'next' : 'last'} month`);
}
