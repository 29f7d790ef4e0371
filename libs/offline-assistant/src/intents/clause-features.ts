import type { AssistantContext } from '../entities/assistant-context';
import type { Antecedent } from '../entities/coreference';
import { linkEntity, mentionsIn, type Mention } from '../entities/entity-linking';
import { itemsFor } from '../entities/assistant-context';
import { NAMEABLE } from '../entities/entity-definitions';
import type { EntityType, Verb } from '../lexicon/lexicon';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { hasEnclitic, verbsAt } from '../text/enclitics';
import type { MaskedText } from '../text/masked-text';
import type { PhraseMatch } from '../text/phrase-index';
import { isDeterminer, isPreposition } from '../slots/name-tokens';

export interface VerbHit {
  readonly verb: Verb;
  readonly start: number;
  readonly end: number;
  readonly apart?: { readonly start: number; readonly end: number };
  /** How much its place speaks for it being the command. */
  readonly weight: number;
  readonly atEnd: boolean;
  /** An infinitive at the end, where German puts it. */
  readonly final: boolean;
}

export interface NounHit {
  readonly type: EntityType;
  readonly many: boolean;
  readonly start: number;
  readonly end: number;
  /** Behind a preposition ("for the project …"): says where, not what. */
  readonly aside: boolean;
}

/** What the scorer looks at: where verbs and nouns are, what is known by name, and what kind of sentence it is. */
export interface ClauseFeatures {
  readonly masked: MaskedText;
  readonly lexicon: CompiledLexicon;
  readonly verbs: readonly VerbHit[];
  readonly nouns: readonly NounHit[];
  readonly mentions: readonly Mention[];
  /** The first token that is no courtesy. */
  readonly head: number;
  readonly question: boolean;
  readonly negated: boolean;
  readonly all: boolean;
  readonly pronoun: boolean;
  readonly toTaskList: PhraseMatch<true> | undefined;
  readonly toCalendar: PhraseMatch<true> | undefined;
  readonly antecedent: Antecedent | undefined;
  readonly alike: (from: number, to?: number) => EntityType | undefined;
}

const MAX_HEAD_FILLERS = 14;

export function featuresOf(
  masked: MaskedText,
  context: AssistantContext,
  antecedent: Antecedent | undefined,
): ClauseFeatures {
  const { lexicon, tokens } = masked;
  const { data } = lexicon;
  const head = skipFillers(masked, 0);
  const mentions = mentionsIn(tokens, context);
  const last = tokens.at(-1);
  const questionWord = lexicon.set(data.questions).at(tokens, head) !== undefined;
  return {
    masked,
    lexicon,
    head,
    verbs: verbsIn(masked, head, mentions),
    nouns: nounsIn(masked).filter(
      (noun) =>
        !mentions.some(
          (one) => one.type !== noun.type && one.end - one.start > 1 && one.start <= noun.start && noun.end <= one.end,
        ),
    ),
    mentions,
    question: questionWord || last?.text === '?' || tokens[0]?.text === '¿',
    negated: isNegated(masked, head),
    all: lexicon.set(data.all).all(tokens).length > 0,
    pronoun: pronounsIn(lexicon, tokens, head).length > 0 || tokens.some(({ word }) => hasEnclitic(lexicon, word)),
    toTaskList: lexicon.set(data.taskLists).all(tokens)[0],
    toCalendar: lexicon.set(data.calendars).all(tokens)[0],
    antecedent,
    alike: (from, to) => alike(masked, context, from, to),
  };
}

/** Behind courtesy, filling words, what slots have extracted, and marks. */
export function skipFillers(masked: MaskedText, from: number): number {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  let at = from;
  for (let round = 0; round < MAX_HEAD_FILLERS; round += 1) {
    while (at < masked.tokens.length && (!masked.isFree(at) || isMark(masked, at))) at += 1;
    const verb = masked.lexicon.verbs.at(masked.tokens, at);
    const desire = verb?.value === 'need' && DESIRE.test(masked.slice(at, verb.end).toLowerCase()) ? verb : undefined;
    const desiredVerb = desire && masked.lexicon.verbs.at(masked.tokens, desire.end);
    if (desire && desiredVerb && COMMANDS.has(desiredVerb.value)) {
      at = desire.end;
      continue;
    }
    const filler = fillers.at(masked.tokens, at);
    if (!filler || (verb && verb.end - verb.start >= filler.end - filler.start)) break;
    if (filler.end >= masked.tokens.length) break;
    at = filler.end;
  }
  return at;
}

/** "I want to" in front of a command is courtesy; in front of anything else it is something to do. */
const DESIRE = /want|like|möchte|mochte|will$|voglio|vorrei|veux|voudrais|aimerais|souhaite|quiero|quisiera|gustaría/;
const COMMANDS: ReadonlySet<Verb> = new Set<Verb>([
  'create',
  'delete',
  'archive',
  'restore',
  'list',
  'rename',
  'update',
  'remind',
  'schedule',
  'comment',
  'assign',
  'move',
]);

function isMark(masked: MaskedText, at: number): boolean {
  const kind = masked.tokens[at]?.kind;
  return kind === 'mark' || kind === 'break';
}

/** Verbs at the head, behind punctuation, and, where a language puts them there, at the end. */
function verbsIn(masked: MaskedText, head: number, mentions: readonly Mention[]): VerbHit[] {
  const leads = isPreposition(masked, head);
  const hits: VerbHit[] = [];
  const end = lastFree(masked);
  for (let at = head; at < masked.tokens.length && hits.length < 12; at += 1) {
    if (!masked.isFree(at)) continue;
    const before = masked.tokens[at - 1];
    const named = at > head && leads && mentions.some(({ end: behind }) => behind === at);
    const inner =
      named ||
      (at > head &&
        ((before?.kind === 'mark' || before?.kind === 'break' ? masked.isFree(at - 1) : false) ||
          PLEASE.test(before?.word ?? '')));
    const start = at === head ? head : inner ? skipFillers(masked, at) : at;
    const found = verbsAt(masked.lexicon, masked.tokens, start);
    for (const match of found) {
      const header = masked.word(match.end) === ':';
      const final =
        at !== head && (match.end >= end ? !hasColon(masked, head, at) : header) && isVerbFinal(masked, match);
      if (
        final &&
        hits.some(
          ({ weight: other, verb, start: first }) =>
            other >= 3 && !WEAK.has(verb) && !masked.lexicon.nouns.at(masked.tokens, first),
        )
      )
        continue;
      const weight = at === head ? 3 : final ? 2.2 : inner ? (PLEASE.test(before?.word ?? '') ? 2.4 : 1.6) : 0;
      if (weight === 0) continue;
      const { value: verb, apart } = match;
      hits.push({
        verb,
        start: match.start,
        end: match.end,
        weight: weight + 0.15 * (match.end - match.start),
        final,
        atEnd:
          at !== head &&
          (!(inner && match.end < end - 3) ||
            pronounsIn(masked.lexicon, masked.tokens, match.end, match.end + 3).some((one) => one.start === match.end)),
        ...(apart ? { apart } : {}),
      });
    }
    if (inner && start > at) at = start - 1;
  }
  return hits;
}

/** Verbs at the head that leave it open what the infinitive at the end says. */
const WEAK: ReadonlySet<Verb> = new Set<Verb>(['need', 'list', 'put']);
const PLEASE = /^(?:please|pls|plz|bitte|porfa|stp|svp)$/;
const VERB_FINAL = new Set(['de']);

/** Behind a colon stands what is created, and no verb of command. */
function hasColon(masked: MaskedText, from: number, to: number): boolean {
  return masked.tokens.slice(from, to).some(({ text }) => text === ':');
}

function isVerbFinal(masked: MaskedText, match: PhraseMatch<Verb>): boolean {
  const word = masked.word(match.start);
  return VERB_FINAL.has(masked.lexicon.data.language) ? /(?:en|ern|eln|st|e|weg|raus)$/.test(word) : false;
}

function lastFree(masked: MaskedText): number {
  const fillers = masked.lexicon.set(masked.lexicon.data.fillers);
  let end = masked.tokens.length;
  for (let round = 0; round < 8 && end > 0; round += 1) {
    const before = end;
    while (end > 0 && (isMark(masked, end - 1) || !masked.isFree(end - 1))) end -= 1;
    for (let length = 4; length > 0; length -= 1) {
      const filler = end - length >= 0 ? fillers.at(masked.tokens, end - length) : undefined;
      if (filler?.end === end && end - length > 0) {
        end -= length;
        break;
      }
    }
    if (end === before) break;
  }
  return end;
}

/**
 * Pronouns; one that is an article too ("la") counts only where no noun can follow: at the end or before a
 * preposition.
 */
export function pronounsIn(
  lexicon: CompiledLexicon,
  tokens: MaskedText['tokens'],
  from: number,
  to = tokens.length,
): PhraseMatch<true>[] {
  const { data } = lexicon;
  return lexicon
    .set(data.pronouns)
    .all(tokens, from, to)
    .filter(({ start, end }) => {
      if (end - start > 1 || !lexicon.set(data.determiners).at(tokens, start)) return true;
      const next = tokens[end];
      if (next === undefined || next.kind !== 'word') return next?.kind !== 'quote' && next?.kind !== 'id';
      return [data.prepositions, data.fillers, data.then, data.into].some(
        (phrases) => lexicon.set(phrases).at(tokens, end) !== undefined,
      );
    });
}

function nounsIn(masked: MaskedText): NounHit[] {
  return masked.lexicon.nouns
    .all(masked.tokens)
    .filter(({ start, end }) => masked.areFree(start, end) && !/^rooms?$/.test(masked.word(end)))
    .slice(0, 12)
    .map(({ value, start, end }) => ({ ...value, start, end, aside: isAside(masked, start) }));
}

/** Whether a preposition precedes, with at most articles and three other words between. */
function isAside(masked: MaskedText, start: number): boolean {
  const adjectives = masked.lexicon.set(masked.lexicon.data.adjectives);
  for (let at = start - 1; at >= Math.max(0, start - 5); at -= 1) {
    if (!masked.isFree(at) || masked.tokens[at]?.kind === 'mark' || masked.tokens[at]?.kind === 'break') return false;
    if (isPreposition(masked, at)) return true;
    if (masked.lexicon.verbs.at(masked.tokens, at) && !isDeterminer(masked, at) && !adjectives.at(masked.tokens, at))
      return false;
  }
  return false;
}

function isNegated(masked: MaskedText, head: number): boolean {
  const { data } = masked.lexicon;
  const remind = masked.lexicon.verbs.at(masked.tokens, head)?.value === 'remind';
  if (remind) return false;
  if (masked.lexicon.set(data.negators).at(masked.tokens, head)) return true;
  if (masked.lexicon.set(data.howTo).at(masked.tokens, head)) return true;
  const none = masked.lexicon.set(data.noneOf);
  return none
    .all(masked.tokens)
    .some(
      ({ start, end }) =>
        masked.isFree(start) &&
        (masked.lexicon.nouns.at(masked.tokens, end) !== undefined ||
          masked.lexicon.verbs.at(masked.tokens, end) !== undefined),
    );
}

function alike(masked: MaskedText, context: AssistantContext, from: number, to?: number): EntityType | undefined {
  const words = masked.remaining(from, to).slice(0, 200);
  if (words === '') return undefined;
  return NAMEABLE.find((type) => linkEntity(words, itemsFor(context, type)).kind !== 'none');
}
