import type { MaskedText } from '../text/masked-text';
import { isCapital, isDated, isDeterminer, isEdge, isPreposition, isStop, nameStart } from './name-tokens';

/** People behind "assign to", in front of "can take it", at the head of "Tom has to …", or in "Dana's list". */
export function extractPeople(masked: MaskedText, creating: boolean): readonly string[] | undefined {
  const { data } = masked.lexicon;
  const behind = masked.lexicon.set(data.assignTo).all(masked.tokens);
  for (const found of behind.sort((one, other) => other.end - other.start - (one.end - one.start))) {
    if (!masked.areFree(found.start, found.end)) continue;
    const people = peopleAt(masked, skipColon(masked, found.end), true);
    if (people) {
      const and = masked.lexicon.set(data.and).at(masked.tokens, found.start - 1) ? 1 : 0;
      masked.extract(found.start - and, people.end);
      return people.names;
    }
  }
  for (const found of [
    ...masked.lexicon.set(data.takesOver).all(masked.tokens),
    ...(creating ? masked.lexicon.set(data.mustDo).all(masked.tokens) : []),
  ]) {
    if (SUBJECT.test(masked.word(found.start - 1))) continue;
    // "Miriam soll das machen": an infinitive alone is not about who does it.
    const infinitive = /^(?:machen|übernehmen|erledigen)$/.test(masked.slice(found.start, found.end));
    if (infinitive && masked.lexicon.set(data.mustDo).all(masked.tokens).length === 0) continue;
    const named = masked.areFree(found.start, found.end) ? nameStart(masked, found.start, true) : found.start;
    // "the invoice for Harbour Ltd has to go out" is not about who does it.
    const start = isPreposition(masked, named - 1) ? found.start : named;
    const after = start < found.start ? undefined : peopleAt(masked, found.end, false);
    if (after) {
      masked.extract(found.start, after.end);
      return after.names;
    }
    if (start < found.start) {
      const names = splitNames(masked.slice(start, found.start));
      masked.extract(start, found.end);
      return names;
    }
  }
  return creating ? (forPeople(masked) ?? givenTo(masked) ?? listOwner(masked)) : undefined;
}

/** "for Marcus: …", "task for Mei", "for Frau Krüger": only at the head or directly behind the noun. */
function forPeople(masked: MaskedText): readonly string[] | undefined {
  const index = masked.lexicon.set(masked.lexicon.data.forPerson.split('|')[0] ?? '');
  for (const found of index.all(masked.tokens)) {
    if (!masked.areFree(found.start, found.end)) continue;
    const people = peopleAt(masked, found.end, false);
    if (!people) continue;
    const before = masked.tokens[found.start - 1];
    const behindNoun = masked.lexicon.nouns
      .all(masked.tokens)
      .some(({ value, end }) => value.type === 'task' && end === found.start);
    const filler = masked.lexicon
      .set(masked.lexicon.data.fillers)
      .all(masked.tokens)
      .some(({ end }) => end === found.start);
    const head =
      found.start === 0 ||
      filler ||
      before?.kind === 'mark' ||
      before?.kind === 'quote' ||
      !masked.isFree(found.start - 1) ||
      behindNoun;
    const after = masked.tokens[people.end];
    const labelled = after?.text === ':';
    if (
      !(head || labelled) ||
      (after?.kind === 'word' && masked.isFree(people.end) && !behindNoun && !isVerb(masked, people.end))
    )
      continue;
    masked.extract(found.start, labelled ? people.end + 1 : people.end);
    return people.names;
  }
  return undefined;
}

/** "ponle a Javier una tarea", "give Tom a task": a name between what was extracted and the noun. */
function givenTo(masked: MaskedText): readonly string[] | undefined {
  const taken = masked.tokens.findIndex((_, at) => masked.isFree(at) && at > 0 && !masked.isFree(at - 1));
  if (taken < 0 || taken > MAX_GIVEN) return undefined;
  const link = masked.lexicon.set(masked.lexicon.data.forPerson).at(masked.tokens, taken);
  const people = peopleAt(masked, link?.end ?? taken, false);
  if (!people || (isFree(masked, people.end) && !isDeterminer(masked, people.end))) return undefined;
  const noun = masked.lexicon.nouns.all(masked.tokens, people.end, people.end + 4)[0];
  if (noun?.value.type !== 'task') return undefined;
  masked.extract(taken, people.end);
  return people.names;
}

const MAX_GIVEN = 5;

function isFree(masked: MaskedText, at: number): boolean {
  return at < masked.tokens.length && masked.isFree(at);
}

function isVerb(masked: MaskedText, at: number): boolean {
  return (
    masked.lexicon.verbs.at(masked.tokens, at) !== undefined ||
    masked.lexicon.set(masked.lexicon.data.fillers).at(masked.tokens, at) !== undefined ||
    isDeterminer(masked, at)
  );
}

function listOwner(masked: MaskedText): readonly string[] | undefined {
  for (const [at, token] of masked.tokens.entries()) {
    const owner = /^(\p{Lu}\p{L}+)['’]s$/u.exec(token.text)?.[1];
    if (
      owner === undefined ||
      !/^(?:list|tasks|todos|plate)$/.test(masked.word(at + 1)) ||
      !isPreposition(masked, at - 1)
    )
      continue;
    masked.extract(at - 1, at + 2);
    return [owner];
  }
  return undefined;
}

/** Those that come to an event ("with Anna and Tom"), or the recipients of an e-mail. */
export function extractNamesBehind(
  masked: MaskedText,
  phrases: string,
  lowercase: boolean,
  keep = false,
): readonly string[] | undefined {
  for (const found of masked.lexicon.set(phrases).all(masked.tokens)) {
    if (!masked.areFree(found.start, found.end)) continue;
    const people = peopleAt(masked, found.end, lowercase);
    if (!people) continue;
    if (!keep) masked.extract(found.start, people.end);
    return people.names;
  }
  return undefined;
}

export function peopleAt(
  masked: MaskedText,
  start: number,
  lowercase: boolean,
): { names: readonly string[]; end: number } | undefined {
  if (isState(masked, start) || isState(masked, start - 1)) return undefined;
  let from = start;
  while (from < start + 2 && isTitle(masked, from)) from += 1;
  const first = personEnd(masked, from, lowercase && from === start);
  if (first === from) return undefined;
  let end = first;
  const and = masked.lexicon.set(masked.lexicon.data.and);
  for (let round = 0; round < 9; round += 1) {
    const comma = masked.word(end) === ',' ? 1 : 0;
    const joint = and.at(masked.tokens, end + comma);
    const next = joint?.end ?? (comma > 0 ? end + 1 : undefined);
    const last =
      next === undefined ? end : personEnd(masked, next, lowercase && joint !== undefined && isEdge(masked, next + 1));
    if (next === undefined || last === next) break;
    end = last;
  }
  return { names: splitNames(masked.slice(from, end), masked), end };
}

/** "passe … à terminé", "… à faire": a status is no person. */
function isState({ tokens, lexicon }: MaskedText, at: number): boolean {
  const { todo, in_progress, done } = lexicon.data.statuses;
  return at >= 0 && [todo, in_progress, done].some((phrases) => lexicon.set(phrases).at(tokens, at) !== undefined);
}

const SUBJECTLESS: ReadonlySet<string> = new Set(['it', 'es']);

/** Where a sentence begins whose verb stands at `verb`: a pronoun, or nothing where a language needs none. */
export function subjectStart(
  { tokens, lexicon }: Pick<MaskedText, 'tokens' | 'lexicon'>,
  verb: number,
): number | undefined {
  const pronoun = SUBJECT.test(tokens[verb - 1]?.word ?? '');
  if (!pronoun && !SUBJECTLESS.has(lexicon.data.language)) return undefined;
  const from = pronoun ? verb - 1 : verb;
  const before = tokens[from - 1];
  return before === undefined || before.kind === 'break' || /^[.,;:?!]$/.test(before.text) ? from : undefined;
}

const SUBJECT = /^(?:he|she|they|er|sie|il|elle|ils|elles|lui|lei|loro|el|ella|ellos|ellas)$/;

/** "… for Tom. They should check X": the sentence behind the person begins with who has to do it. */
export function extractSubject(masked: MaskedText): void {
  for (const { start, end } of masked.lexicon.set(masked.lexicon.data.mustDo).all(masked.tokens)) {
    const from = subjectStart(masked, start);
    if (from === undefined || !masked.areFree(from, end)) continue;
    masked.extract(from, /^(?:to|que)$/.test(masked.word(end)) ? end + 1 : end);
    return;
  }
}

function isTitle(masked: MaskedText, at: number): boolean {
  return (
    /^(?:the|our|my|der|die|den|dem|il|la|le|al|a|alla|frau|herrn?|mr|mrs|ms|signora?|madame|monsieur|senora?)$/.test(
      masked.word(at),
    ) && masked.isFree(at)
  );
}

/** Behind one person: an address, "@name", up to three words with capitals, or one lower-case word. */
function personEnd(masked: MaskedText, at: number, lowercase: boolean): number {
  const token = masked.tokens[at];
  if (!token || !masked.isFree(at) || (token.kind !== 'word' && token.text !== '@')) return at;
  if (token.text === '@') return masked.tokens[at + 1]?.kind === 'word' ? at + 2 : at;
  if (token.text.includes('@')) return at + 1;
  if (isDated(masked, at) || OBJECT_PRONOUN.test(token.word)) return at;
  let end = at;
  while (end < at + 3 && isCapital(masked, end) && masked.isFree(end) && !isDated(masked, end)) end += 1;
  if (end > at) return end;
  return lowercase && token.word.length > 1 && !isStop(masked, at) ? at + 1 : at;
}

const OBJECT_PRONOUN = /^(?:lui|leur|him|her|them|it|you|us|gli|loro|ihr|ihm|ihn|ihnen|sie|es|me|mir|mich|this|that)$/;

function splitNames(text: string, masked?: MaskedText): string[] {
  const and = masked
    ? masked.lexicon.data.and
        .split('|')
        .map((word) => word.replace(/[&.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|')
    : 'and|und|e|et|y|&';
  return text
    .split(new RegExp(`\\s*,\\s*(?:(?:${and})\\s+)?|\\s+(?:${and})\\s+`, 'i'))
    .map((name) => name.replace(/^@|[.,]$|['’]s$/g, '').trim())
    .filter((name) => name !== '');
}

function skipColon(masked: MaskedText, at: number): number {
  return /^(?::|is|are|ist|sind|e|est|es|sono|sont|son|will|sara|sera)$/.test(masked.word(at)) ? at + 1 : at;
}
