import type { AssistantContext } from '../entities/assistant-context';
import type { Mention } from '../entities/entity-linking';
import type { MaskedText } from '../text/masked-text';
import { hasEnclitic, verbsAt } from '../text/enclitics';
import { capital, shorten, titleOf } from '../text/title-text';
import { extractAsides, extractLeads } from './asides';
import { behindThat, fillComment, THAT } from './comment-slots';
import { extractDate, timesOf } from './date-slots';
import { fillEvent } from './event-slots';
import { extractPriority, extractStatus } from './field-slots';
import { extractNamesBehind, extractPeople, extractSubject, peopleAt } from './people-slots';
import { extractClient, extractProject } from './project-slots';
import type { Request } from './request';
import { extractNoun, type Instruction } from './reference-slots';
import { dropFillers, extractAll, extractContent, extractPlace, extractTitle, labelledText, taken } from './text-slots';

const MAX_SUBJECT = 60;

/** Something new: first what has words of its own, then the title out of the rest. */
export function fillCreation(
  masked: MaskedText,
  instruction: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
): Request {
  const { type } = instruction;
  const base = { action: instruction.action, type, lexicon: masked.lexicon };
  switch (type) {
    case 'comment':
      return { ...base, ...fillComment(masked, mentions, instruction.item) };
    case 'task':
    case 'checkpoint':
    case 'project':
      return { ...base, ...planned(masked, instruction, mentions, context) };
    case 'event':
      return { ...base, ...fillEvent(masked, instruction, mentions, context) };
    case 'email':
      return { ...base, ...email(masked) };
    case 'note':
    case 'figure':
      return { ...base, ...note(masked, instruction, mentions, context) };
  }
}

function planned(
  masked: MaskedText,
  instruction: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
): Partial<Request> {
  const { type, verb } = instruction;
  const { data } = masked.lexicon;
  const description = type === 'task' ? labelledText(masked, 'description') : undefined;
  const priority = type === 'task' ? extractPriority(masked, false) : undefined;
  const tailed = instruction.atEnd === true && instruction.final !== true;
  const noun =
    tailed || instruction.final === true ? extractNoun(masked, type, 0) : extractNoun(masked, type, verb?.start ?? 0);
  const project = type === 'project' ? undefined : extractProject(masked, mentions, context, false);
  const client = type === 'project' ? extractClient(masked, context) : undefined;
  const inSamePlace = type !== 'project' && project === undefined && extractPlace(masked);
  if (type === 'task') extractSubject(masked);
  const people = type === 'task' ? extractPeople(masked, true) : undefined;
  const date = type === 'project' ? undefined : extractDate(masked, context);
  const status = type === 'task' ? extractStatus(masked, 'create') : undefined;
  extractAll(masked, data.taskLists);
  if (instruction.meaning === 'noun') masked.extract(0, noun);
  const labelled = labelledText(masked, 'title');
  dropFillers(masked);
  if (!tailed && instruction.final !== true) dropPreface(masked, verb?.start ?? 0, Math.max(noun, verb?.end ?? 0));
  if (tailed) masked.extract(verb?.start ?? 0, masked.tokens.length);
  extractTail(masked);
  const label = verb && masked.lexicon.nouns.at(masked.tokens, verb.end - 1) ? verb.end : 0;
  const colon = headerEnd(masked, Math.max(noun, label));
  if (colon !== undefined) masked.extract(0, colon);
  extractAsides(masked);
  const title =
    labelled === undefined || labelled === ''
      ? extractTitle(masked, 0)
      : capital(shorten(labelled.replace(/\s+/g, ' '), 200));
  return {
    title,
    description,
    project,
    inSamePlace,
    client,
    priority,
    people,
    status,
    ...timesOf(date, undefined, context),
  };
}

/** "two things, add a task: X": what comes before the verb is no part of a title behind it. */
function dropPreface(masked: MaskedText, verb: number, from: number): void {
  const words = (start: number, end: number): boolean =>
    masked.tokens
      .slice(start, end)
      .some(({ kind }, at) => kind !== 'mark' && kind !== 'break' && masked.isFree(start + at));
  const quoted = masked.tokens.slice(0, verb).some(({ kind }, at) => kind === 'quote' && masked.isFree(at));
  const list = masked.lexicon.set(masked.lexicon.data.pronouns).at(masked.tokens, from) !== undefined;
  if (verb > 0 && !quoted && !list && words(from, masked.tokens.length)) masked.extract(0, verb);
}

const MAX_TAIL = 10;
const TAIL_VERBS: ReadonlySet<string> = new Set(['create', 'remind', 'put', 'jot']);

/** "…, please add that": a wish behind what it is about is no part of the title. */
function extractTail(masked: MaskedText): void {
  const { data } = masked.lexicon;
  const { tokens } = masked;
  for (let at = tokens.length - 1; at > Math.max(0, tokens.length - MAX_TAIL); at -= 1) {
    const verb = masked.isFree(at)
      ? verbsAt(masked.lexicon, tokens, at).find(({ value }) => TAIL_VERBS.has(value))
      : undefined;
    const before = tokens[at - 1];
    const led =
      before?.kind === 'mark' || /^(?:please|pls|bitte|stp|svp|porfa|favor|favore|can|could)$/.test(before?.word ?? '');
    const object = /^(?:l'|lo|la|le|das|es|ça|ca)$/.test(before?.word ?? '');
    const fixed = hasEnclitic(masked.lexicon, tokens[at]?.word ?? '') || object;
    const pronoun =
      verb &&
      (fixed || /^(?:it|that|this|them|das|es|dies|ça|ca|cela|eso|esto|lo|le)$/.test(tokens[verb.end]?.word ?? ''));
    if (verb && pronoun && at > 2) {
      masked.extract(tailStart(masked, object ? at - 1 : at), tokens.length);
      return;
    }
    const ends =
      verb &&
      (isOnlyNoun(masked, verb.end) ||
        tokens[verb.end] === undefined ||
        tokens[verb.end]?.kind === 'mark' ||
        masked.lexicon.set(data.pronouns).at(tokens, verb.end) !== undefined);
    if (!verb || !led || !ends || at < 2) continue;
    masked.extract(at, tokens.length);
    return;
  }
}

/** "…, add a task please": nothing but the noun of what is created. */
function isOnlyNoun(masked: MaskedText, from: number): boolean {
  const { data, nouns } = masked.lexicon;
  const small = [data.determiners, data.fillers, data.adjectives].map((phrases) => masked.lexicon.set(phrases));
  let at = from;
  let seen = false;
  while (at < masked.tokens.length) {
    const noun = nouns.at(masked.tokens, at);
    const word = small.map((index) => index.at(masked.tokens, at)).find((match) => match !== undefined);
    if (!noun && !word && masked.tokens[at]?.kind !== 'mark') return false;
    seen = seen || noun !== undefined;
    at = noun?.end ?? word?.end ?? at + 1;
  }
  return seen;
}

/** With the courtesy in front of the verb: "tu peux l'ajouter". */
function tailStart(masked: MaskedText, at: number): number {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  for (let length = 4; length > 0; length -= 1) if (fillers.covers(masked.tokens, at - length, at)) return at - length;
  return at;
}

/** Behind the colon or dash that follows what is created; nothing before it belongs to the title. */
function headerEnd(masked: MaskedText, noun: number): number | undefined {
  if (noun <= 0) return undefined;
  for (let at = noun; at < Math.min(masked.tokens.length - 1, noun + 12); at += 1) {
    const text = masked.word(at);
    const mark = text === ':' || (/^[-–—]$/.test(text) && at <= noun + 2);
    if (mark && (masked.isFree(at) || text === ':'))
      return masked.remaining(noun, at).replace(/[\s\W]/g, '').length <= 12 ? at + 1 : undefined;
    if (masked.tokens[at]?.kind === 'break' || masked.tokens[at]?.kind === 'quote') return undefined;
  }
  return undefined;
}

function note(
  masked: MaskedText,
  instruction: Instruction,
  mentions: readonly Mention[],
  context: AssistantContext,
): Partial<Request> {
  const { verb } = instruction;
  const titled = labelledText(masked, 'title', ['title', 'content', 'saying']);
  const end = extractNoun(masked, 'note', verb?.start ?? 0);
  const project = extractProject(masked, mentions, context, false);
  extractLeads(masked);
  if (instruction.meaning === 'noun') masked.extract(0, end);
  const start = Math.max(end, verb?.end ?? 0);
  const header = masked.quote();
  const content = contentOf(masked, start, titled !== undefined);
  const quoted =
    titled === undefined && header !== undefined && masked.isFree(header) ? masked.tokens[header]?.text : undefined;
  if (quoted !== undefined && header !== undefined) masked.extract(header, header + 1);
  const own = titled ?? quoted ?? (content === undefined || hasTitle(masked, start) ? titleOf(masked, 0) : undefined);
  const title = own ?? firstLine(content);
  return {
    title: title === undefined ? undefined : own === quoted ? title : capital(title),
    content: content ?? (quoted === undefined && titled === undefined ? plain(masked, start) : undefined) ?? title,
    project,
  };
}

function contentOf(masked: MaskedText, start: number, titled: boolean): string | undefined {
  const labelled =
    labelledText(masked, 'content', ['title', 'content']) ?? labelledText(masked, 'saying', ['title', 'content']);
  if (labelled !== undefined) return labelled;
  const colon = masked.tokens.findIndex(({ text }, at) => text === ':' && at >= start - 1 && masked.isFree(at));
  if (colon >= 0) return taken(masked, colon + 1, masked.tokens.length, colon);
  const that = masked.tokens.findIndex(({ word }, at) => THAT.test(word) && at >= start && at <= start + 2);
  if (that >= 0) return taken(masked, that + 1, masked.tokens.length, that);
  const quotes = masked.tokens.flatMap(({ kind }, at) => (kind === 'quote' && masked.isFree(at) ? [at] : []));
  const second = titled ? quotes[0] : quotes[1];
  return second === undefined ? undefined : taken(masked, second, second + 1);
}

/** "note about the wifi: …" has words for a title between the noun and the colon. */
function hasTitle(masked: MaskedText, start: number): boolean {
  return masked.remaining(start).replace(/[^\p{L}\p{N}]/gu, '').length > 2;
}

function plain(masked: MaskedText, start: number): string | undefined {
  const first = masked.firstFree(start);
  const text = titleOf(masked, first);
  if (text === undefined) return undefined;
  const whole = masked.slice(first, masked.tokens.length);
  return whole === '' ? text : whole.replace(/^[\s,:-]+/, '');
}

function firstLine(content: string | undefined): string | undefined {
  const line = (content ?? '').split('\n', 1).join('').trim();
  return line === '' ? undefined : shorten(line, MAX_SUBJECT);
}

function email(masked: MaskedText): Partial<Request> {
  const { data } = masked.lexicon;
  const end = extractNoun(masked, 'email', 0);
  const direct = peopleAt(masked, masked.firstFree(end), true);
  const behind = extractNamesBehind(masked, data.forPerson, true);
  if (behind === undefined && direct) masked.extract(masked.firstFree(end), direct.end);
  const people = behind ?? direct?.names;
  const subject = masked.lexicon
    .set(data.labels.about)
    .all(masked.tokens)
    .some(({ end: at }) => masked.word(at) === ':');
  const early = subject ? undefined : extractContent(masked, 0);
  const about = labelledText(masked, 'about', ['content', 'saying']);
  const content = early ?? extractContent(masked, 0) ?? behindThat(masked);
  const title = about === undefined ? (titleOf(masked) ?? firstLine(content)) : capital(shorten(about, 200));
  return { title, content, people };
}
