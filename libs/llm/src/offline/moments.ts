import type { Context, Item } from './context';
import { dueInstant, findMoments, startInstant, type Moment } from './dates';
import { fold, type Draft } from './draft';
import { languageOf } from './language';
import { pattern } from './pattern';

/** The instants of a clause, in the roles that tools know. */
export interface Times {
  readonly due?: number;
  readonly start?: number;
  readonly end?: number;
}

/** chrono's work grows with the square of the dates in a text, so it sees only the first and the last characters. */
const SEEN = 250;

export function momentsOf(draft: Draft, context: Context): Moment[] {
  const text = draft.unfolded;
  const language = languageOf(fold(draft.text));
  if (text.length <= 2 * SEEN) return findMoments(text, context, language);
  const behind = text.length - SEEN;
  const last = findMoments(text.slice(behind), context, language);
  const moved = last.map((moment) => ({ ...moment, start: moment.start + behind, end: moment.end + behind }));
  return [...findMoments(text.slice(0, SEEN), context, language), ...moved];
}

const LINKED = pattern(
  'i',
  String.raw`\b(?:by|due(?: date)?(?: on| by| at| is| to)?|until|till|before|on|at|for|to|from|bis(?: zum)?`,
  String.raw`|am|um|auf|entro(?: il)?|per|il|a|al|starting|deadline(?: is| of|:)?|scheduled (?:for|on)|:|=|-`,
  String.raw`|,)\s*(?:the\s+)?$`,
);

/** The date that a clause is about: the last one behind a word like "by", else the last; an event's is the first. */
export function takeMoment(draft: Draft, context: Context, choose: 'first' | 'linked'): Moment | undefined {
  const moments = momentsOf(draft, context);
  const lead = (moment: Moment): string =>
    LINKED.exec(draft.live.slice(Math.max(0, moment.start - 30), moment.start))?.[0] ?? '';
  const linked = moments.filter((moment) => lead(moment) !== '');
  const chosen = choose === 'first' ? joined(moments) : (linked.at(-1) ?? moments.at(-1));
  if (!chosen) return undefined;
  const from = moments.find((moment) => moment !== chosen && /\bfrom\s*$/.test(draft.live.slice(0, moment.start)));
  for (const used of choose === 'first' ? moments : [chosen, ...(from ? [from] : [])])
    draft.cut(used.start - lead(used).length, used.end);
  return chosen;
}

/** "on Friday … at 3" found apart: the day of one, the time of the other. */
function joined(moments: readonly Moment[]): Moment | undefined {
  const [first] = moments;
  const timed = moments.find((moment) => moment.timed);
  const day = moments.find((moment) => !moment.timed);
  if (!timed || !day) return first;
  return { ...timed, at: { ...day.at, hour: timed.at.hour, minute: timed.at.minute } };
}

export function times(moment: Moment | undefined, minutes: number | undefined, context: Context): Times {
  if (!moment) return {};
  const start = startInstant(moment, context.zone);
  const until = moment.until ? startInstant({ ...moment, at: moment.until }, context.zone) : undefined;
  const end = until !== undefined && until > start ? until : start + (minutes ?? 60) * 60_000;
  return { due: dueInstant(moment, context.zone), start, end };
}

const SHIFT = pattern(
  'd',
  String.raw`\b(?:by|back|forward|um|di)\s+(?:by\s+)?(a|an|one|two|three|\d{1,2}|einen?|eine|un|una)\s+(day`,
  String.raw`|week|month|hour|tag|woche|giorno|settimana)\w*(?:\s+(?:later|back|forward|earlier))?`,
);

/** "push it back by two days": counted from the date that the thing has, else from now. */
export function shifted(draft: Draft, target: Item | undefined, context: Context): Times | undefined {
  const earlier = /\b(?:forward|earlier|anticipa)\b/.test(draft.live);
  const found = draft.take(SHIFT);
  if (!found) return undefined;
  const amount = { two: 2, three: 3 }[found.parts[1] ?? ''] ?? (Number(found.parts[1]) || 1);
  const unit = found.parts[2] ?? '';
  const step = /^(?:week|woche|settimana)/.test(unit) ? 7 * 24 : unit === 'month' ? 30 * 24 : unit === 'hour' ? 1 : 24;
  const due = target?.row['due_date'];
  const from = typeof due === 'number' && due > 0 ? due : context.now;
  const at = from + (earlier ? -1 : 1) * amount * step * 3_600_000;
  return { due: at, start: at };
}
