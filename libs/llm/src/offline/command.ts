import { fold } from './draft';
import { CHORE, HEADS, type Act, type Head } from './heads';
import { placeOf, soundsLikeEvent, thingOf, type Thing } from './nouns';

/** What a clause asks for: do this to such a thing. */
export interface Command {
  readonly act: Act;
  readonly thing: Thing;
  readonly status?: NonNullable<Head['status']>;
  /** Where the command's verb ends in the clause. */
  readonly verbEnd: number;
  /** Nothing but the tone of the sentence speaks for it: a chore without a command. */
  readonly guessed?: boolean;
}

/** What a name in a clause belongs to, if the caller knows it. */
export type Known = (live: string) => Thing | undefined;

const POLITE =
  /^(?:please|pls|plz|kindly|hey|hi|hello|hallo|ciao|ok|okay|so|well|also|then|and|finally|afterwards?|after that|next|adiuva|assistant|can you|could you|would you|will you|can we|could we|can i|could i|may i|i(?:'d| would) like (?:you )?to(?= (?:see|know|create|add|make|schedule|delete|change|archive|list|book))|i want (?:you )?to(?= (?:see|know|create|add|make|schedule|delete|change|archive|list|book))|i need you to|would you mind|let'?s(?! see)|just|now|quickly|go ahead and|in (?:the )?project [^\s,]+(?=,)|bitte|kannst du|konntest du|konnen sie|ich mochte(?: dass du)?|per favore|puoi|potresti|vorrei|und|dann|danach|poi|e(?= )|quindi)(?=[\s,!:]|$)[\s,!:]*/;
const QUESTION =
  /^(?:what|what's|whats|which|when|who|where|why|how|is|are|do|does|did|can|am|any|was|welche|wann|wo|cosa|quali|quando|come|che)\b|\?\s*$/;
const DONE =
  /\b(?:(?:is|are|has been|have been|was) (?:now |all |already |finally )*(?:done|finished|completed?|ready)|(?:ist|sind) (?:erledigt|fertig)|e (?:fatto|finito|completato|pronto))[\s.!]*$/;
const TASK_QUESTION =
  /\b(?:due|overdue|late|pending|outstanding|unfinished|left|to do|must i|should i|need to|on my plate|on my list|working on|work on|in progress|priorit\w+|urgent|assigned|finished|completed|fallig|uberfallig|erledig\w+|offen|scad\w+|da fare|devo fare|in ritardo)\b/;
const EVENT_QUESTION =
  /\b(?:free|busy|available|happening|scheduled|booked|going on|planned|what(?:'s| is) on|what(?:'s| is) (?:coming )?up|do i have (?:anything|something|any plans|plans|on)|anything (?:on|planned)|what do i have (?:on|tomorrow|today|this|next)|my (?:day|week) look|libero|impegnat[oi]|impegni|frei|steht an|vor)\b/;
const FIXED_TIME = /\b\d{1,2}(?::\d\d| ?[ap]m\b)|\bat \d{1,2}\b|\b(?:noon|midday)\b/;
const SURE_SCHEDULE = /^(?:schedule|arrange|block|invite|meet|fissa|vereinbare?|i|we)\b/;

const INTO_A_NOTE =
  /\b(?:to|in|into|onto|on|alla|zur)\s+(?:(?:the|my|our|mia|meiner)\s+)?(?:[^\s:,]+\s+){0,3}(?:note|memo|nota|notiz)\b/;

/** How many characters of courtesy stand before the command ("please, could you …"). */
export function courtesyOf(text: string): number {
  const folded = fold(text);
  let length = folded.length - folded.trimStart().length;
  for (let round = 0; round < 8; round += 1) {
    const polite = POLITE.exec(folded.slice(length));
    if (!polite || polite[0].length === 0) break;
    length += polite[0].length;
  }
  return length;
}

/** Reads a clause (without its courtesy), folded and with its quotes hidden; undefined when nothing fits. */
export function readCommand(live: string, known: Known): Command | undefined {
  const done = DONE.test(live) && !QUESTION.test(live) && !/^(?:mark|set|make|update|change)\b/.test(live);
  if (done) return { act: 'update', thing: 'task', status: 'done', verbEnd: 0 };
  if (/^(?:finish|complete|close|submit)\b.{1,200}\b(?:by|before|until)\s+\S/.test(live) && known(live) === undefined) {
    return { act: 'create', thing: 'task', verbEnd: 0 };
  }
  for (const head of HEADS) {
    const match = head.starts.exec(live);
    if (!match) continue;
    const command = explain(head, live, match[0].length, known);
    if (command) return command;
  }
  return withoutVerb(live, known);
}

function explain(head: Head, live: string, verbEnd: number, known: Known): Command | undefined {
  const status = head.status ? { status: head.status } : {};
  if (head.act === 'count') return count(live, verbEnd);
  if (head.act === 'list') return look(live, verbEnd, known);
  if (head.act === 'summarise') return summarise(live, verbEnd, known);
  if (head.thing) return { act: head.act, thing: head.thing, ...status, verbEnd };
  if (head.act === 'create') return create(head, live, verbEnd);
  const named = thingOf(live.slice(verbEnd), false) ?? known(live) ?? looseThing(live);
  const place = head.act === 'delete' ? undefined : placeOf(live);
  return { act: head.act, thing: named ?? (place === 'note' || place === 'event' ? place : 'task'), verbEnd };
}

function create(head: Head, live: string, verbEnd: number): Command {
  const zone = live.slice(verbEnd).split(/[:\n]/, 1).join('');
  const place = placeOf(zone);
  if (INTO_A_NOTE.test(zone) && thingOf(zone, true) !== 'task') return { act: 'update', thing: 'note', verbEnd };
  const named = thingOf(zone, true) ?? (place === 'project' ? undefined : place);
  if (named === 'figure') return figure(live, verbEnd);
  if (named === 'email') return { act: 'draft', thing: 'email', verbEnd };
  if (named) return { act: 'create', thing: named, verbEnd };
  const meeting = SURE_SCHEDULE.test(live) || soundsLikeEvent(live) || FIXED_TIME.test(live);
  return { act: 'create', thing: head.likely && meeting ? head.likely : 'task', verbEnd };
}

function count(live: string, verbEnd: number): Command {
  const thing = thingOf(live.slice(verbEnd), false);
  if (thing === 'email' || thing === 'event' || thing === 'note') return { act: 'list', thing, verbEnd };
  return { act: 'count', thing: 'figure', verbEnd };
}

function summarise(live: string, verbEnd: number, known: Known): Command {
  const rest = live.slice(verbEnd);
  const thing = thingOf(rest, false) ?? placeOf(rest) ?? known(live);
  if (thing === 'note' || thing === 'project') return { act: 'get', thing, verbEnd };
  if (thing === 'event' || thing === 'comment') return { act: 'list', thing, verbEnd };
  if (thing === 'email') return { act: 'summarise', thing, verbEnd };
  return { act: 'report', thing: 'figure', verbEnd };
}

function figure(live: string, verbEnd: number): Command {
  const trend = /\btrends?\b|productiv|velocity|throughput|over time|over the (?:last|past)|compared?\b|andamento/.test(
    live,
  );
  const tally = !trend && /\bstat|metrics|analytics|rate\b/.test(live) && !/\bweek/.test(live);
  return { act: trend ? 'trend' : tally ? 'count' : 'report', thing: 'figure', verbEnd };
}

function look(live: string, verbEnd: number, known: Known): Command | undefined {
  const named = thingOf(live, false);
  if (named === 'figure' || /\bproductiv|\btrend|\bcompletion rate|\b(?:how|what) (?:was|did|is) (?:my|the|this|last) (?:week|month)\b|how did (?:i|we) do/.test(live)) return figure(live, verbEnd);
  if (/\bfiles? away|\bhow many\b/.test(live)) return count(live, verbEnd);
  const thing = named ?? guessThing(live, known);
  if (!thing) return undefined;
  if (thing === 'task' && isToday(live)) return { act: 'today', thing, verbEnd };
  return { act: namesOne(thing, live) ? 'get' : 'list', thing, verbEnd };
} // prettier-ignore

function guessThing(live: string, known: Known): Thing | undefined {
  const place = placeOf(live);
  if (TASK_QUESTION.test(live)) return 'task';
  if (place && place !== 'project') return place;
  if (EVENT_QUESTION.test(live) || soundsLikeEvent(live)) return 'event';
  return known(live) ?? place;
}

function isToday(live: string): boolean {
  const today = /\b(?:today(?:'?s)?|heute|oggi)\b/.test(live);
  return (
    today && !/\b(?:completed|finished|done|created|added|priority|about|progress|search\w*|comment\w*)\b/.test(live)
  );
}

/** Singular nouns with something behind them: one thing is meant, not a list. */
function namesOne(thing: Thing, live: string): boolean {
  if (/^(?:when|any|all|list|which)\b|\b(?:next|any|all)\b/.test(live)) return false;
  if (thing === 'project') return !/\b(?:projects|projekte|progetti)\b/.test(live);
  if (thing === 'note') return !/\b(?:notes|memos|notizen|appunti|note (?:di|del|della|su))\b/.test(live);
  if (thing === 'event') return /\b(?:details?|about|meeting|event|appointment)\b/.test(live) && /^(?:show|get|open|give|tell|what is|what's|see|view)\b/.test(live) && !/\b(?:meetings|events|appointments|calendar|schedule|agenda|on)\b/.test(live);
  return thing === 'email' && /\b(?:the|that) (?:e-?mail|mail) (?:from|about|with)\b/.test(live) && /^(?:read|open)\b/.test(live);
} // prettier-ignore

function looseThing(live: string): Thing | undefined {
  return soundsLikeEvent(live) ? 'event' : undefined;
}

/** Clauses without a verb of command: "Lunch with Bob on Friday", "Buy milk tomorrow". */
function withoutVerb(live: string, known: Known): Command | undefined {
  const thing = thingOf(live, true);
  if (/^[\w\s]{1,20}\b/.test(live) && thing === 'figure') return figure(live, 0);
  if (QUESTION.test(live)) {
    const asked = thing ?? guessThing(live, known);
    return asked ? look(live, 0, known) : undefined;
  }
  const start = live.slice(0, 60);
  if (/^(?:new |neue?r? |nuov[oa] )?(?:\w+ )?(?:meeting|appointment|lunch|dinner|breakfast|coffee|call|interview|termin|riunione|appuntamento|pranzo|cena)\b (?:with|mit|con|at|on|about|um|alle)\b/.test(start)) {
    return { act: 'create', thing: 'event', verbEnd: 0, guessed: true };
  }
  const labelled = /^(?:new |neue |nuov[oa] )?(\w+)\s*[:-]/.test(start) ? thingOf(start, true) : undefined;
  if (labelled && labelled !== 'figure') return { act: labelled === 'email' ? 'draft' : 'create', thing: labelled, verbEnd: 0 };
  if (CHORE.test(live)) return { act: 'create', thing: 'task', verbEnd: 0, guessed: true };
  return undefined;
} // prettier-ignore
