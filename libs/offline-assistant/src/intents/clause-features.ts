import type { AssistantContext } from '../entities/assistant-context';
import type { Antecedent } from '../entities/coreference';
import { linkedItem, type LinkedItem } from '../entities/item-linking';
import { linkEntity, mentionsIn, type Mention } from '../entities/entity-linking';
import { itemsFor } from '../entities/assistant-context';
import { NAMEABLE } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { hasEnclitic } from '../text/enclitics';
import type { MaskedText } from '../text/masked-text';
import type { PhraseMatch } from '../text/phrase-index';
import { dateWordsOf } from '../slots/date-words';
import { isCapital, isDeterminer, isPreposition } from '../slots/name-tokens';
import { toldAt } from './told';
import { pronounsIn, skipFillers, verbsIn, type VerbHit } from './clause-verbs';

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
  /** The one known thing that the words point at. */
  readonly linked: () => LinkedItem | undefined;
  readonly alike: (from: number, to?: number) => EntityType | undefined;
}

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
  // "Hab heute mit X begonnen" tells, "hab ich …" asks.
  const tells =
    (/^(?:hab|habe|haben)$/.test(masked.word(head)) && !/^(?:ich|wir)$/.test(masked.word(head + 1))) ||
    isTold(masked, head);
  const questionWord = !tells && lexicon.set(data.questions).at(tokens, head) !== undefined;
  return {
    masked,
    lexicon,
    head,
    verbs: verbsIn(masked, head, mentions).filter(({ verb, start }) => !(tells && start === head && READS.has(verb))),
    nouns: nounsIn(masked).filter(
      (noun) =>
        !mentions.some(
          (one) => one.type !== noun.type && one.end - one.start > 1 && one.start <= noun.start && noun.end <= one.end,
        ),
    ),
    mentions,
    question: !isPersonAsked(masked, head) && (questionWord || last?.text === '?' || tokens[0]?.text === '¿'),
    negated: isNegated(masked, head),
    all: lexicon.set(data.all).all(tokens).length > 0,
    pronoun: pronounsIn(lexicon, tokens, head).length > 0 || tokens.some(({ word }) => hasEnclitic(lexicon, word)),
    toTaskList: lexicon.set(data.taskLists).all(tokens)[0],
    toCalendar: lexicon.set(data.calendars).all(tokens)[0],
    antecedent,
    linked: once(() => {
      const listed = listedAt(masked, context, antecedent);
      // "la seconda chiamala …": what stands first is what the rest is about.
      if (listed?.at.has(head) === true) return listed;
      return linkedItem(masked, context, mentions, typesOf(masked)) ?? listed;
    }),
    alike: (from, to) => alike(masked, context, from, to),
  };
}

const READS: ReadonlySet<string> = new Set(['list', 'get', 'count']);

/** "Ho iniziato X", "ya estoy con X": the auxiliary tells what was done and asks for nothing. */
function isTold({ tokens, lexicon }: MaskedText, head: number): boolean {
  const { data } = lexicon;
  return (
    tokens.at(-1)?.text !== '?' &&
    [data.haveDone, data.haveStarted].some((phrases) => (toldAt(lexicon, phrases, tokens, head)?.end ?? 0) > head + 1)
  );
}

/** "Can Priya take it over?" asks for a change. */
function isPersonAsked(masked: MaskedText, head: number): boolean {
  const at = masked.word(0) === '' ? 1 : 0;
  const modal = /^(?:can|could|would|kann|konnte|soll|puo|potrebbe|peut|pourrait|puede|podria)$/;
  const from = modal.test(masked.word(at)) ? at : head;
  return (
    modal.test(masked.word(from)) &&
    isCapital(masked, from + 1) &&
    masked.lexicon.nouns.at(masked.tokens, from + 1) === undefined
  );
}

/** "the second one" of what the last answer listed. */
function listedAt(
  masked: MaskedText,
  context: AssistantContext,
  antecedent: Antecedent | undefined,
): LinkedItem | undefined {
  if (!antecedent || antecedent.listed.length < 2) return undefined;
  const { data } = masked.lexicon;
  const places = dateWordsOf(masked.lexicon).ordinals;
  for (let at = 1; at < Math.min(masked.tokens.length, 8); at += 1) {
    const ordinal = isDeterminer(masked, at - 1) ? places.at(masked.tokens, at) : undefined;
    const last =
      isDeterminer(masked, at - 1) && masked.lexicon.set(data.dates.last).at(masked.tokens, at) !== undefined;
    if (!ordinal && !last) continue;
    const name = antecedent.listed.at(ordinal ? ordinal.value - 1 : -1);
    const item = NAMEABLE.flatMap((type) => itemsFor(context, type).map((one) => ({ type, item: one }))).find(
      (one) => one.item.name === name,
    );
    if (item) return { ...item, at: new Set([at - 1, at]) };
  }
  return undefined;
}

/** The noun in a clause says what kind of thing is meant. */
function typesOf(masked: MaskedText): readonly EntityType[] {
  const nouns = masked.lexicon.nouns.all(masked.tokens).map(({ value }) => value.type);
  const types = NAMEABLE.filter((type) => nouns.includes(type));
  return types.length > 0 ? types : NAMEABLE;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
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
    // "ponle a Javier una tarea": the preposition belongs to the name.
    if (at < start - 1 && isDeterminer(masked, at + 1) && isCapital(masked, at)) return false;
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
