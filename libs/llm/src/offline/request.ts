import type { Command } from './command';
import { itemsFor, type Context, type Item } from './context';
import { dueInstant, findMoments, startInstant, type Moment } from './dates';
import type { Draft } from './draft';
import { languageOf } from './language';
import { takeClient, takePeople, takeProject, type Named } from './names';
import { periodOf, TIME_WORDS, type Period } from './period';
import { takeMinutes, takeOrder, takePriority, takeStatus, type Priority, type Status } from './slots';
import { referenceOf, takeContent, takeNewName, takeTitle } from './texts';
import { mentionedIn } from './target';

/** All that a clause says, in plain values; which of it a tool takes is the tool's schema's business. */
export interface Request {
  readonly command: Command;
  readonly title?: string | undefined;
  readonly content?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: Priority | undefined;
  readonly status?: Status | 'archived' | 'active' | undefined;
  readonly people?: readonly string[] | undefined;
  readonly due?: number | undefined;
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  readonly location?: string | undefined;
  readonly project?: Named | undefined;
  readonly client?: Named | undefined;
  readonly order?: string | undefined;
  readonly approved?: boolean | undefined;
  readonly period?: Period | undefined;
  readonly archivedToo?: boolean | undefined;
  /** What an existing thing is called, where the clause is about one. */
  readonly reference?: string | undefined;
  readonly target?: Item | undefined;
}

/** Takes the draft apart; what each step takes, the later ones do not see, so their order matters. */
export function readRequest(draft: Draft, command: Command, context: Context): Request {
  if (command.verbEnd > 0) draft.cut(0, command.verbEnd);
  if (command.act === 'create' || command.act === 'draft') return readCreation(draft, command, context);
  if (command.act === 'update' || command.act === 'delete') return readChange(draft, command, context);
  return readQuestion(draft, command, context);
}

function readCreation(draft: Draft, command: Command, context: Context): Request {
  const { thing } = command;
  if (thing === 'comment') return readComment(draft, command, context);
  const free = thing === 'note' || thing === 'email';
  const email = thing === 'email' ? takePeople(draft, RECIPIENT[languageOf(draft.live)], true) : [];
  const direct = thing === 'email' && email.length === 0 ? takePeople(draft, /^[\s\ue000]+/g, true) : email;
  const project = thing === 'project' ? undefined : takeProject(draft, context, false);
  const client = thing === 'project' ? takeClient(draft, context) : undefined;
  const content = takeContent(draft, thing);
  const priority = thing === 'task' ? takePriority(draft, 'create') : undefined;
  const status = thing === 'task' ? takeStatus(draft, 'create') : undefined;
  const assignees = thing === 'task' ? takePeople(draft, /[,\s]*(?:\band\s+)?\b(?:assign(?:ed)?(?: it| this)? to|assignees?:?|delegate(?:d)? to|zugewiesen an|assegnat[oa] a)\s+/g, true) : [];
  const minutes = thing === 'event' ? takeMinutes(draft) : undefined;
  const moment = free || thing === 'project' ? undefined : takeMoment(draft, context, thing === 'event' ? 'first' : 'linked');
  const location = thing === 'event' ? takeLocation(draft) : undefined;
  if (thing === 'event') draft.take(/\b(?:in|to|on|into|onto|im|in den|nel|al)\s+(?:my |the |our |meinen |mio )?(?:calendar|diary|agenda|schedule|kalender|calendario)\b/d);
  const title = takeTitle(draft, command, content);
  const people = thing === 'event' ? takePeople(draft, /\b(?:with|mit|con|invite)\s+/g, false) : thing === 'email' ? direct : assignees;
  return { command, title, content, description: content, priority, status, people, project, client, location, ...times(moment, minutes, context) };
} // prettier-ignore

function readComment(draft: Draft, command: Command, context: Context): Request {
  const target = mentionedIn(draft, context.tasks);
  const content = takeContent(draft, 'comment');
  return { command, content, target, reference: target?.name ?? referenceOf(draft) };
}

function readChange(draft: Draft, command: Command, context: Context): Request {
  const target = mentionedIn(draft, knownOf(command, context));
  const renamed = command.act === 'update' ? takeNewName(draft, target !== undefined) : undefined;
  if (command.act === 'delete') return { command, target, reference: target?.name ?? referenceOf(draft) };
  const approval = draft.text.match(/^(?:(approve)|disapprove|reject)\b/i);
  const approved = approval ? approval[1] !== undefined : undefined;
  const content = command.thing === 'note' ? takeContent(draft, 'note', true) : takeDescription(draft);
  const priority = command.thing === 'task' ? takePriority(draft, 'update') : undefined;
  const status = command.status ?? (command.thing === 'task' || command.thing === 'project' ? takeStatus(draft, 'update') : undefined);
  const people = ASSIGNING.test(draft.text) ? takePeople(draft, /\b(?:to|an|a)\s+/g, true) : [];
  const project = command.thing === 'project' ? undefined : takeProject(draft, context, false);
  const client = command.thing === 'project' ? takeClient(draft, context) : undefined;
  const relative = shifted(draft, target, context);
  const moment = takeMoment(draft, context, 'linked');
  const reference = target?.name ?? renamed?.reference ?? referenceOf(draft);
  return { command, target, reference, approved, title: renamed?.name, content, description: content, priority, status, people, project, client, ...(relative ?? times(moment, undefined, context)) };
} // prettier-ignore

const RECIPIENT = { en: /\bto\s+(?:the )?/g, de: /\ban\s+/g, it: /\bad?\s+/g } as const;

function readQuestion(draft: Draft, command: Command, context: Context): Request {
  const folded = draft.live;
  const order = takeOrder(draft);
  const about =
    command.act === 'get' || command.thing === 'comment' ? mentionedIn(draft, knownOf(command, context)) : undefined;
  const project = about && command.thing === 'project' ? undefined : takeProject(draft, context, true);
  const client = takeClient(draft, context);
  const status = takeStatus(draft, command.act === 'count' ? 'count' : 'list');
  const priority = takePriority(draft, 'list');
  const moments = momentsOf(draft, context);
  const period = periodOf(folded, moments, context);
  for (const moment of moments) draft.cut(moment.start, moment.end);
  for (let word = 0; word < 4 && draft.take(TIME_WORDS); word += 1);
  const archivedToo = /\b(?:archived|archivierte?n?|archiviat[io])\b/.test(folded);
  return {
    command,
    target: about,
    reference: about?.name ?? referenceOf(draft),
    project,
    client,
    order,
    status,
    priority,
    period,
    archivedToo,
  };
}

const ASSIGNING = /\b(?:re|un)?(?:assign|delegat|hand|giv|weis|assegn)/i;

/** Comments are found by more than their words, so their own text names none of them for sure. */
function knownOf(command: Command, context: Context): readonly Item[] {
  if (command.thing === 'comment') return command.act === 'delete' ? [] : context.tasks;
  return itemsFor(context, command.thing);
}

function momentsOf(draft: Draft, context: Context): Moment[] {
  return findMoments(draft.unfolded.slice(0, 600), context, languageOf(draft.live));
}

const LINKED =
  /\b(?:by|due(?: date)?(?: on| by| at| is| to)?|until|till|before|on|at|for|to|from|bis(?: zum)?|am|um|auf|entro(?: il)?|per|il|a|al|starting|deadline(?: is| of|:)?|scheduled (?:for|on)|:|=|-|,)\s*(?:the\s+)?$/i;

/** The date that a clause is about: the last one behind a word like "by", else the last; an event's is the first. */
function takeMoment(draft: Draft, context: Context, choose: 'first' | 'linked'): Moment | undefined {
  const moments = momentsOf(draft, context);
  const lead = (moment: Moment): string => LINKED.exec(draft.live.slice(Math.max(0, moment.start - 30), moment.start))?.[0] ?? '';
  const linked = moments.filter((moment) => lead(moment) !== '');
  const chosen = choose === 'first' ? joined(moments) : (linked.at(-1) ?? moments.at(-1));
  if (!chosen) return undefined;
  const from = moments.find((moment) => moment !== chosen && /\bfrom\s*$/.test(draft.live.slice(0, moment.start)));
  for (const used of choose === 'first' ? moments : [chosen, ...(from ? [from] : [])]) draft.cut(used.start - lead(used).length, used.end);
  return chosen;
} // prettier-ignore

/** "on Friday … at 3" found apart: the day of one, the time of the other. */
function joined(moments: readonly Moment[]): Moment | undefined {
  const [first] = moments;
  const timed = moments.find((moment) => moment.timed);
  const day = moments.find((moment) => !moment.timed);
  if (!timed || !day) return first;
  return { ...timed, at: { ...day.at, hour: timed.at.hour, minute: timed.at.minute } };
}

function times(moment: Moment | undefined, minutes: number | undefined, context: Context): Partial<Request> {
  if (!moment) return {};
  const start = startInstant(moment, context.zone);
  const until = moment.until ? startInstant({ ...moment, at: moment.until }, context.zone) : undefined;
  const end = until !== undefined && until > start ? until : start + (minutes ?? 60) * 60_000;
  return { due: dueInstant(moment, context.zone), start, end };
}

const SHIFT =
  /\b(?:by|back|forward|um|di)\s+(?:by\s+)?(a|an|one|two|three|\d{1,2}|einen?|eine|un|una)\s+(day|week|month|hour|tag|woche|giorno|settimana)\w*(?:\s+(?:later|back|forward|earlier))?/d;

/** "push it back by two days": counted from the date that the thing has, else from now. */
function shifted(draft: Draft, target: Item | undefined, context: Context): Partial<Request> | undefined {
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

function takeLocation(draft: Draft): string | undefined {
  const known = draft.take(
    /\b(?:at|in|on|via|over|bei|im|al|nel|presso)\s+((?:the\s+)?(?:[^\s,;\ue000]+\s){0,3}?(?:room|office|cafe|restaurant|hotel|station|headquarters|hq|bar|school|clinic|hospital|zoom|teams|skype|google meet|buro|ufficio|ristorante)(?:\s[a-z]?\d{1,4}\b|\s[a-z]\b)?)/d,
  );
  if (known) return known.parts[1];
  return takePeople(draft, /\b(?:at|in|presso|bei)\s+/g, false)[0];
}

function takeDescription(draft: Draft): string | undefined {
  const colon = draft.take(/\b(?:description|details|beschreibung|descrizione)\b.{0,200}?:\s+(.+)$/ds);
  return (colon ?? draft.take(/\b(?:description|details|beschreibung|descrizione)\b.{0,200}?\s(?:to|auf|in)\s+(.+)$/ds))?.parts[1];
} // prettier-ignore
