import type { AssistantContext } from '../entities/assistant-context';
import type { Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { capital, shorten, tidy, trimmed } from '../text/title-text';
import { extractDate, extractShift, timesOf, type Times } from './date-slots';
import { extractPriority, extractStatus } from './field-slots';
import { noteChange } from './note-slots';
import { extractPeople, peopleAt } from './people-slots';
import { extractNewPlace } from './place-slots';
import { extractClient, extractProject } from './project-slots';
import type { Request } from './request';
import { extractNoun, extractTarget, referenceOf, type Instruction } from './reference-slots';
import { extractAll, labelledText, taken } from './text-slots';

/**
 * What should be otherwise about something that exists; its name is extracted first, so that no word of it is read as
 * a wish.
 */
export function fillUpdate(
  masked: MaskedText,
  instruction: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
): Request {
  const { action, type } = instruction;
  const { data } = masked.lexicon;
  const base = { action, type, lexicon: masked.lexicon };
  const bulk =
    masked.lexicon
      .set(data.all)
      .all(masked.tokens)
      .some(({ start }) => masked.isFree(start)) ||
    (type === 'task' && hasMany(masked, type)) ||
    wholeList(masked);
  const found =
    extractTarget(masked, type === 'comment' ? 'comment' : type, mentions) ??
    (instruction.item ? { item: instruction.item, twins: undefined } : undefined);
  const more = found ? { target: found.item, twins: found.twins } : {};
  if (action === 'delete') {
    if (type === 'event') extractDate(masked, context);
    if (type === 'comment') return removal(masked, { ...base, bulk }, mentions, found);
    if (type !== 'project') extractProject(masked, mentions, context, false);
    return {
      ...base,
      bulk: bulk && !found,
      reference: found?.item.name ?? referenceOf(masked, type),
      ...more,
      statement: instruction.statement === true,
    };
  }
  const renamed =
    instruction.meaning === 'rename' || (type !== 'note' && hasTitleField(masked))
      ? newName(masked, type, found !== undefined)
      : undefined;
  const fields = fieldsOf(masked, instruction, mentions, context, found);
  const reference = found?.item.name ?? renamed?.reference ?? referenceOf(masked, type);
  // "Paid the bill this morning" says when it was done, not when it is due.
  const when =
    instruction.status === 'done' || (instruction.statement === true && instruction.status === 'in_progress')
      ? { due: undefined, start: undefined, end: undefined }
      : {};
  return {
    ...base,
    ...fields,
    ...more,
    ...when,
    reference,
    title: instruction.title ?? renamed?.name,
    people: instruction.people ?? fields.people,
    status: instruction.status ?? fields.status,
    approved: instruction.approved,
    bulk: bulk && !found,
    statement: instruction.statement === true,
  };
}

function removal(
  masked: MaskedText,
  base: Request,
  mentions: readonly Mention[],
  found: ReturnType<typeof extractTarget>,
): Request {
  const end = extractNoun(masked, 'comment', 0);
  const number = masked.tokens.findIndex(({ kind }, at) => kind === 'number' && at >= end && at <= end + 3);
  const text = masked.tokens[number]?.text.replace(/[.,]$/, '') ?? '';
  const numbered = end > 0 && text !== '' ? { id: text, name: text, folded: text, row: {} } : undefined;
  const task = found ? undefined : extractTarget(masked, 'task', mentions);
  const item =
    found?.item ??
    numbered ??
    (task && task.item.id === task.item.name && masked.tokens.some(({ kind }) => kind === 'id')
      ? task.item
      : undefined);
  return {
    ...base,
    reference: item?.name ?? `${referenceOf(masked, 'comment')} ${task?.item.name ?? ''}`.trim(),
    ...(item ? { target: item } : {}),
  };
}

function hasMany(masked: MaskedText, type: string): boolean {
  return masked.lexicon.nouns
    .all(masked.tokens)
    .some(({ value, start }) => value.type === type && value.many && masked.isFree(start));
}

function wholeList(masked: MaskedText): boolean {
  const [list] = masked.lexicon.set(masked.lexicon.data.taskLists).all(masked.tokens);
  return (
    list !== undefined &&
    masked.remaining(list.end).replace(/\W/g, '') === '' &&
    masked.remaining(0, list.start).replace(/\W/g, '') === ''
  );
}

function fieldsOf(
  masked: MaskedText,
  instruction: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
  found: ReturnType<typeof extractTarget>,
): Partial<Request> {
  const { type, meaning } = instruction;
  if (type === 'note' && meaning === 'move') return { project: extractProject(masked, mentions, context, true) };
  if (type === 'note' && instruction.title !== undefined) return {};
  if (type === 'note') return noteChange(masked, mentions, context);
  if (type === 'project') return { status: undefined, client: extractClient(masked, context) };
  const description = described(masked);
  const priority = type === 'task' ? (extractPriority(masked, true) ?? direction(meaning)) : undefined;
  const people =
    type === 'task' || type === 'event' ? (extractPeople(masked, false) ?? handed(masked, instruction)) : undefined;
  const when: Times =
    extractShift(masked, found?.item, context, meaning === 'move') ??
    timesOf(extractDate(masked, context), undefined, context);
  const status = type === 'task' && instruction.status === undefined ? extractStatus(masked, 'update') : undefined;
  const project = extractProject(masked, mentions, context, meaning === 'move');
  if (type === 'event') extractAll(masked, masked.lexicon.data.calendars);
  const location = type === 'event' ? extractNewPlace(masked) : undefined;
  extractAll(masked, masked.lexicon.data.deadlineOf);
  extractAll(masked, masked.lexicon.data.priorityNouns);
  extractAll(masked, masked.lexicon.data.statusNouns);
  // "X on Friday is in the gym now" says which X, not when.
  const times = location !== undefined && meaning === 'place' ? {} : when;
  return { description, priority, people, status, project, location, ...times };
}

/** "add a description to X: …" */
function described(masked: MaskedText): string | undefined {
  const [label] = masked.lexicon.set(masked.lexicon.data.labels.description).all(masked.tokens);
  const colon = masked.tokens.findIndex(({ text }, at) => text === ':' && masked.isFree(at));
  if (!label || colon <= label.end) return labelledText(masked, 'description');
  const text = taken(masked, colon + 1, masked.tokens.length, colon);
  masked.extract(label.start, label.end);
  return text;
}

/** "raise the priority of X" names no level. */
function direction(meaning: string | undefined): Request['priority'] {
  if (meaning !== 'raise' && meaning !== 'lower') return undefined;
  return meaning === 'raise' ? 'high' : 'low';
}

/** "assign X to Ben", "give X to Anna": the people behind the last "to". */
function handed(masked: MaskedText, { meaning, verb }: Instruction): readonly string[] | undefined {
  const gives =
    meaning === 'assign' ||
    /^(?:give|gib|dai|dall[ao]|donne|da|dale|dal[ao]|pass|passe|pasa(?:le|lo|la|selo|sela)?|hand|lass|gebe?|ubertrag)$/.test(
      masked.word(verb?.start ?? -1),
    );
  if (!gives) return undefined;
  const links = masked.lexicon.set(masked.lexicon.data.forPerson).all(masked.tokens);
  for (const { start, end } of links.reverse()) {
    const people =
      masked.areFree(start, end) && !/^(?:on|for|per|pour|para|fur)$/.test(masked.word(start))
        ? peopleAt(masked, end, true)
        : undefined;
    if (!people) continue;
    masked.extract(start, people.end);
    return people.names;
  }
  if (meaning !== 'assign') return undefined;
  const direct = peopleAt(masked, masked.firstFree(verb?.end ?? 0), false);
  if (!direct) return lastName(masked);
  masked.extract(masked.firstFree(verb?.end ?? 0), direct.end);
  return direct.names;
}

/** "Weise die Aufgabe … bitte Sabine zu": the name that stands last. */
function lastName(masked: MaskedText): readonly string[] | undefined {
  const { tokens } = masked;
  for (let at = tokens.length - 1; at > 0; at -= 1) {
    const last = tokens[at + 1] === undefined || tokens[at + 1]?.kind === 'mark' || !masked.isFree(at + 1);
    const people = last && masked.isFree(at) ? peopleAt(masked, at, false) : undefined;
    if (!people) continue;
    masked.extract(at, people.end);
    return people.names;
  }
  return undefined;
}

function hasTitleField(masked: MaskedText): boolean {
  const [label] = masked.lexicon.set('title|name|titel|namen?|titolo|nome|titre|nom|título|nombre').all(masked.tokens);
  return label !== undefined && label.start <= 3;
}

/** The new name in "rename X to Y", and the old one where it was not known before. */
function newName(
  masked: MaskedText,
  type: Request['type'],
  known: boolean,
): { name: string; reference?: string } | undefined {
  const quotes = masked.tokens.flatMap(({ kind }, at) => (kind === 'quote' && masked.isFree(at) ? [at] : []));
  const last = quotes.at(-1);
  const old = quotes.length > 1 && !known ? masked.tokens[quotes[0] ?? 0]?.text : undefined;
  if (last !== undefined && (known || old !== undefined)) {
    masked.extract(0, masked.tokens.length);
    return { name: masked.tokens[last]?.text ?? '', ...(old === undefined ? {} : { reference: old }) };
  }
  extractNoun(masked, type, 0);
  const into = masked.lexicon.set(masked.lexicon.data.into);
  const from = masked.firstFree(0);
  for (let at = known ? from : from + 1; at < masked.tokens.length - 1; at += 1) {
    const link = masked.isFree(at) ? into.at(masked.tokens, at) : undefined;
    if (!link || link.end >= masked.tokens.length) continue;
    const reference = known ? undefined : masked.remaining(from, at);
    const cut = trimmed(masked, link.end, masked.tokens.length);
    const quote = masked.tokens[link.end]?.kind === 'quote' ? masked.tokens[link.end]?.text : undefined;
    const name = quote ?? capital(shorten(tidy(masked.slice(link.end, cut.end)), 200));
    masked.extract(0, masked.tokens.length);
    return name === '' ? undefined : { name, ...(reference ? { reference } : {}) };
  }
  return undefined;
}
