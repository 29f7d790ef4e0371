import type { Command } from './command';
import { CHORE, HEADS, type Head } from './heads';
import type { Knowledge } from './knowledge';
import { placeOf, soundsLikeEvent, thingOf, type Thing } from './nouns';
import { ask, count, figure, look, readLabel, summarise } from './question';
import { readStatement } from './statement';
import { pattern } from './pattern';

const FINISH_BY = /^(?:finish|complete|close|submit)\b.{1,200}\b(?:by|before|until)\s+\S/;
const ONLY_TASKS = /^(?:mark|set|make|flag|assign|reassign|prioriti|segna|markier)/;
const PRONOUN = /\b(?:it|that|this|them|these|those|same|one|es|das|lo|la|quest[oa])\b/;
const TO_IT = /\b(?:to|into|in) (?:it|that|this)\b/;
const NEW_ONE = pattern(
  '',
  String.raw`^(?:new )?(?:task|to-?do|reminder|milestone|check-?point|event|appointment|aufgabe|meilenstein`,
  String.raw`|termin|attivita|promemoria)\b(?= \S)`,
);
const LABEL = /^(?:[\w-]+ ){0,4}?[\w-]+(?: (?:for|in|of) [^:,]{1,40})?\s*:(?=\s)/;
const MEETING_LABEL = pattern(
  '',
  String.raw`^(?:new |neue?r? |nuov[oa] )?(?:\w+ )?(?:meeting|appointment|lunch|dinner|breakfast|coffee|call`,
  String.raw`|interview|termin|riunione|appuntamento|pranzo|cena)\b (?:with|mit|con|at|on|about|um|alle)\b`,
);
const FIXED_TIME = /\b\d{1,2}(?::\d\d| ?[ap]m\b)|\bat \d{1,2}\b|\b(?:noon|midday)\b/;
const SURE_SCHEDULE = /^(?:schedule|arrange|block|invite|meet|fissa|vereinbare?|i|we)\b/;

const INTO_A_NOTE =
  /\b(?:to|in|into|onto|on|alla|zur)\s+(?:(?:the|my|our|mia|meiner)\s+)?(?:[^\s:,]+\s+){0,3}(?:note|memo|nota|notiz)\b/;

/** Reads a clause (without its courtesy), folded and with its quotes hidden; undefined when nothing fits. */
export function readCommand(live: string, knowledge: Knowledge): Command | undefined {
  const statement = readStatement(live, knowledge);
  if (statement) return statement;
  if (FINISH_BY.test(live) && knowledge.named() === undefined) return { act: 'create', thing: 'task', verbEnd: 0 };
  for (const head of HEADS) {
    const match = head.starts.exec(live);
    const command = match ? explain(head, live, match[0].length, knowledge) : undefined;
    if (command) return command;
  }
  return withoutVerb(live, knowledge);
}

function explain(head: Head, live: string, verbEnd: number, knowledge: Knowledge): Command | undefined {
  const status = head.status ? { status: head.status } : {};
  if (head.act === 'count') return count(live, verbEnd, knowledge);
  if (head.act === 'list') return look(live, verbEnd, knowledge);
  if (head.act === 'summarise') return summarise(live, verbEnd, knowledge);
  if (head.status === 'done' && thingOf(live.slice(verbEnd), false) === 'project')
    return { act: 'update', thing: 'project', status: 'archived', verbEnd };
  if (head.act === 'draft' && /^(?:reply|respond|answer)\b/.test(live) && knowledge.named() === 'task')
    return { act: 'create', thing: 'comment', verbEnd };
  if (head.thing) return { act: head.act, thing: head.thing, ...status, verbEnd };
  if (head.act === 'create') return create(head, live, verbEnd, knowledge);
  return { act: head.act, thing: changedThing(head, live, verbEnd, knowledge), verbEnd };
}

/** What an update or a delete is about: its noun, a known name, what was spoken of, or by default a task. */
function changedThing(head: Head, live: string, verbEnd: number, knowledge: Knowledge): Thing {
  const rest = live.slice(verbEnd);
  const noun = thingOf(rest, false);
  if (noun) return noun;
  const named = knowledge.named();
  if (named && (named !== 'project' || !placeOf(rest))) return named;
  if (PRONOUN.test(rest) && knowledge.told) return knowledge.told.thing;
  if (/^append\b/.test(live)) return 'note';
  const alike = knowledge.alike(rest.slice(0, 200));
  if (alike) return alike;
  // Only projects have a name; everything else has a title.
  if (/\bname of\b/.test(rest)) return 'project';
  const place = head.act === 'delete' ? undefined : placeOf(rest);
  return place === 'note' || place === 'event'
    ? place
    : soundsLikeEvent(rest) && !ONLY_TASKS.test(live)
      ? 'event'
      : 'task';
}

function create(head: Head, live: string, verbEnd: number, knowledge: Knowledge): Command | undefined {
  const zone = live.slice(verbEnd).split(/[:\n]/, 1).join('');
  const noun = thingOf(zone, true);
  const adds = /^(?:add|put|write|aggiungi|fuge?)\b/.test(live);
  if (adds && noun === undefined && TO_IT.test(zone))
    return { act: 'update', thing: knowledge.told?.thing ?? 'note', verbEnd };
  if (adds && noun !== 'task' && noun !== 'comment' && INTO_A_NOTE.test(zone))
    return { act: 'update', thing: 'note', verbEnd };
  const place = placeOf(zone);
  const named = noun ?? (place === 'project' ? undefined : place);
  if (named === 'figure') return figure(live, verbEnd);
  if (named === 'email') return { act: 'draft', thing: 'email', verbEnd };
  if (named) return { act: 'create', thing: named, verbEnd };
  if (adds && knowledge.named() === 'note') return { act: 'update', thing: 'note', verbEnd };
  if (/^\w+ (?:me|us) /.test(live) && head.likely) return undefined;
  const meeting = SURE_SCHEDULE.test(live) || soundsLikeEvent(live) || FIXED_TIME.test(live);
  return { act: 'create', thing: head.likely && meeting ? head.likely : 'task', verbEnd };
}

/** Clauses without a verb of command: "Lunch with Bob on Friday", "urgent task: …", "Buy milk tomorrow". */
function withoutVerb(live: string, knowledge: Knowledge): Command | undefined {
  if (thingOf(live, true) === 'figure' && live.length <= 60) return figure(live, 0);
  const question = ask(live, knowledge);
  if (question) return question;
  const start = live.slice(0, 80);
  if (MEETING_LABEL.test(start)) return { act: 'create', thing: 'event', verbEnd: 0, guessed: true };
  const details = readLabel(live, knowledge);
  if (details) return details;
  const label = LABEL.exec(start)?.[0];
  const labelled = label ? thingOf(label, true) : undefined;
  if (labelled && labelled !== 'figure')
    return { act: labelled === 'email' ? 'draft' : 'create', thing: labelled, verbEnd: 0 };
  if (CHORE.test(live) && !/^\w+ (?:me|us|this|that|it)\b/.test(live) && !live.includes('?'))
    return { act: 'create', thing: 'task', verbEnd: 0, guessed: true };
  const first = NEW_ONE.exec(start)?.[0];
  const fresh = first && !live.includes('?') ? thingOf(first, true) : undefined;
  return fresh ? { act: 'create', thing: fresh, verbEnd: 0 } : undefined;
}
