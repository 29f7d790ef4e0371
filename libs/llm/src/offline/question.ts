import type { Command } from './command';
import type { Knowledge } from './knowledge';
import { placeOf, soundsLikeEvent, thingOf, type Thing } from './nouns';
import { pattern } from './pattern';

export const QUESTION = pattern(
  '',
  String.raw`^(?:what|what's|whats|which|when|who|where|why|how|is|are|do|does|did|can|am|any|was|welche|wann`,
  String.raw`|wo|cosa|quali|quando|come|che)\b|\?\s*$`,
);
const TASK_QUESTION = pattern(
  '',
  String.raw`\b(?:due|overdue|late|pending|outstanding|unfinished|left|to do|must i|should i|need to|get done`,
  String.raw`|did (?:i|we) (?:finish|complete|do|achieve|get done)|on my plate|on my list|working on|work on`,
  String.raw`|in progress|priorit\w+|urgent|assigned|finished|completed|fallig|uberfallig|erledig\w+|offen`,
  String.raw`|scad\w+|da fare|devo fare|in ritardo)\b`,
);
const EVENT_QUESTION = pattern(
  '',
  String.raw`\b(?:free|busy|available|happening|scheduled|booked|going on|planned|what(?:'s| is) on|what(?:'s`,
  String.raw`| is) (?:coming )?up|do i have (?:anything|something|any plans|plans|on)|anything (?:on|planned)`,
  String.raw`|what do i have (?:on|tomorrow|today|this|next)|my (?:day|week) look|libero|impegnat[oi]|impegni`,
  String.raw`|frei|steht an|vor)\b`,
);
const OVER_A_WEEK = pattern(
  '',
  String.raw`^compare\b|\bproductiv|\btrend|\bcompletion rate|\b(?:how|what) (?:was|did|is) (?:my|the|this`,
  String.raw`|last) (?:week|month)\b|how did (?:i|we) do\b`,
);
const PLURAL = pattern(
  '',
  String.raw`\b(?:tasks|to-?dos|projects|notes|check-?points|milestones|meetings|events|e-?mails|aufgaben`,
  String.raw`|projekte|notizen|progetti|appunti)[\s.!?]*$`,
);
const POINTING = /^(?:show|open|read|find|see|view|get)(?: me)? /;
const DETAILS = /\b(?:info|information|details?|status|overview)\b/;

/** A question or "show …" as a read of the thing that it is about. */
export function look(live: string, verbEnd: number, knowledge: Knowledge): Command | undefined {
  const named = thingOf(live, false);
  if (named === 'figure' || OVER_A_WEEK.test(live)) return figure(live, verbEnd);
  const thing = named ?? guessThing(live, knowledge);
  if (!thing) return undefined;
  if (thing === 'task' && isToday(live)) return { act: 'today', thing, verbEnd };
  return { act: namesOne(thing, live) ? 'get' : 'list', thing, verbEnd };
}

/** Words without a verb: "active projects", "project Hiring info"; at most eight. */
export function readLabel(live: string, knowledge: Knowledge): Command | undefined {
  if (live.split(/\s+/, 10).length > 8) return undefined;
  if (PLURAL.test(live) || (DETAILS.test(live) && (thingOf(live, false) ?? knowledge.named())))
    return look(live, 0, knowledge);
  return undefined;
}

export function ask(live: string, knowledge: Knowledge): Command | undefined {
  return QUESTION.test(live) && (thingOf(live, true) ?? guessThing(live, knowledge))
    ? look(live, 0, knowledge)
    : undefined;
}

export function count(live: string, verbEnd: number, knowledge: Knowledge): Command | undefined {
  const thing = thingOf(live.slice(verbEnd), false);
  if (thing === 'email' || thing === 'event' || thing === 'note') return { act: 'list', thing, verbEnd };
  const ours = thing ?? knowledge.named() ?? (TASK_QUESTION.test(live) ? 'task' : undefined);
  return ours ? { act: 'count', thing: 'figure', verbEnd } : undefined;
}

export function summarise(live: string, verbEnd: number, knowledge: Knowledge): Command {
  const rest = live.slice(verbEnd);
  const thing = thingOf(rest, false) ?? placeOf(rest) ?? knowledge.named();
  if (thing === 'note' || thing === 'project') return { act: 'get', thing, verbEnd };
  if (thing === 'event' || thing === 'comment') return { act: 'list', thing, verbEnd };
  if (thing === 'email') return { act: 'summarise', thing, verbEnd };
  return { act: 'report', thing: 'figure', verbEnd };
}

export function figure(live: string, verbEnd: number): Command {
  const trend = /\btrends?\b|productiv|velocity|throughput|over time|over the (?:last|past)|compared?\b|andamento/.test(
    live,
  );
  const tally = !trend && /\bstat|metrics|analytics|rate\b/.test(live) && !/\bweek/.test(live);
  return { act: trend ? 'trend' : tally ? 'count' : 'report', thing: 'figure', verbEnd };
}

function guessThing(live: string, knowledge: Knowledge): Thing | undefined {
  const named = knowledge.named();
  if (/\b(?:write|wrote|written|note[d]?|jot(?:ted)?) down\b|\bi (?:wrote|noted)\b/.test(live)) return 'note';
  if (named === 'note' || named === 'checkpoint') return named;
  const place = placeOf(live);
  if (TASK_QUESTION.test(live)) return 'task';
  if (place && place !== 'project') return place;
  if (EVENT_QUESTION.test(live) || (named === undefined && soundsLikeEvent(live))) return 'event';
  return (
    named ??
    place ??
    (/\b(?:it|that|this)\b/.test(live) ? knowledge.told?.thing : undefined) ??
    (POINTING.test(live) ? knowledge.alike(live.replace(POINTING, '')) : undefined)
  );
}

function isToday(live: string): boolean {
  const today = /\b(?:today'?s?|todays|heute|oggi)\b/.test(live);
  const other =
    /\b(?:completed|created|added|priority|about|progress|search\w*|comment\w*)\b|\b(?:did|have|are|is|was|were|'ve|i) (?:i |we )?(?:already )?(?:done|finished)\b/;
  return today && !other.test(live);
}

/** Singular nouns with something behind them: one thing is meant, not a list. */
function namesOne(thing: Thing, live: string): boolean {
  if (/^(?:when|any|all|list|which)\b|\b(?:next|any|all|every|each)\b/.test(live)) return false;
  if (thing === 'project') return !/\b(?:projects|projekte|progetti)\b/.test(live);
  if (thing === 'note')
    return !/\b(?:notes|memos|notizen|appunti|note (?:di|del|della|su)|(?:le|mie) note)\b/.test(live);
  if (thing === 'event')
    return (
      /\b(?:details?|about|meeting|event|appointment)\b/.test(live) &&
      /^(?:show|get|open|give|tell|what is|what's|see|view)\b/.test(live) &&
      !/\b(?:meetings|events|appointments|calendar|schedule|agenda|on)\b/.test(live)
    );
  return (
    thing === 'email' &&
    /\b(?:the|that) (?:e-?mail|mail) (?:from|about|with)\b/.test(live) &&
    /^(?:read|open)\b/.test(live)
  );
}
