import type { Action } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';
import type { Candidate, Command } from './command';
import type { ClauseFeatures, NounHit } from './clause-features';
import type { VerbHit } from './clause-verbs';

/** Makes a candidate of the verb that is being scored. */
export type Make = (action: Action, type: EntityType, score: number, more?: Partial<Command>) => Candidate;

/** "the task Book venue": the noun of something that exists. */
export function isDefinite({ masked }: ClauseFeatures, noun: NounHit): boolean {
  return /^(?:the|der|die|das|den|il|lo|la|l'|le|el|that|this|my)$/.test(masked.word(noun.start - 1));
}

export function isIndefinite(features: ClauseFeatures, from: number, noun: NounHit): boolean {
  const words = Array.from({ length: noun.start - from }, (_, offset) => features.masked.word(from + offset));
  if (noun.start - from > 4 || noun.aside) return false;
  return words.some((word) =>
    /^(?:a|an|one|new|another|ein|eine|einen|neue[rns]?|un'|un|una|uno|nuov[oa]|une|nouve(?:au|lle)|nuev[oa]|ne|nen)$/.test(
      word,
    ),
  );
}

/** The first noun behind the verb that no preposition hides, before a colon; of two in a row the last ("meeting notes"). */
export function createdNoun(
  hit: { readonly start: number; readonly end: number; readonly final?: boolean },
  features: ClauseFeatures,
): NounHit | undefined {
  const { masked } = features;
  const from = hit.final === true ? 0 : hit.end;
  const colon = masked.tokens.findIndex(({ text }, at) => at >= from && (text === ':' || text === '-'));
  const stop = colon < 0 ? masked.tokens.length : colon;
  const within = features.nouns.filter(({ start }) => start >= (hit.final === true ? 0 : hit.start) && start < stop);
  // "Add to Atlas: milestone Beta" names it behind the colon.
  const behind = colon >= 0 ? features.nouns.find(({ start }) => start === colon + 1) : undefined;
  const main = within.find(({ aside, start }) => start === hit.end || (start >= from && !aside)) ?? behind;
  if (!main) return undefined;
  if (main.type === 'task' || main.type === 'note' || main.type === 'comment') return main;
  const next = within.find(({ start }) => start === main.end);
  // "milestone Draft complete": a capital begins a name.
  const named = masked.lexicon.data.language !== 'de' && /^\p{Lu}/u.test(masked.tokens[main.end]?.text ?? '');
  return named ? main : (next ?? main);
}

/** What an update or a delete is about: its noun, an explicit id's label, a known name, or what was spoken of. */
export function entityOf(hit: VerbHit, features: ClauseFeatures, fallback: EntityType, task = 0): EntityType {
  const scores = new Map<EntityType, number>([[fallback, 0.6]]);
  const add = (type: EntityType, score: number): void => void scores.set(type, (scores.get(type) ?? 0) + score);
  const main = features.nouns.find(({ aside, type }) => !aside && type !== 'figure');
  const next = main && features.nouns.find(({ start }) => start === main.end);
  const named =
    features.lexicon.data.language !== 'de' && /^\p{Lu}/u.test(features.masked.tokens[main?.end ?? 0]?.text ?? '');
  if (main) add((named ? undefined : next?.type) ?? main.type, 3);
  else {
    const aside = features.nouns.find(({ type, start }) => type !== 'figure' && start >= hit.start);
    if (aside)
      add(aside.type, aside.type === 'project' ? 0.7 : hit.verb === 'assign' || aside.type === 'event' ? 1.5 : 2);
    if (!aside && features.toCalendar) add('event', 2);
  }
  for (const mention of features.mentions.slice(0, 6)) {
    const asideProject = mention.type === 'project' && features.mentions.length > 1;
    add(mention.type, asideProject ? 0.5 : 1.6);
  }
  if (features.pronoun && features.antecedent && features.mentions.length === 0) add(features.antecedent.type, 1.8);
  const alike = features.mentions.length === 0 && !main ? features.alike(hit.end) : undefined;
  if (alike) add(alike, 1.3);
  if (!main && soundsLikeEvent(features, hit.end)) add('event', features.mentions.length > 0 || alike ? 0.2 : 1);
  add('task', task > 0 && scores.has('task') ? task : 0);
  return [...scores].sort((one, other) => other[1] - one[1])[0]?.[0] ?? fallback;
}

const COMPOUND = /.(?:besprechung|termin|sitzung|treffen|gesprach|feier|konferenz|versammlung|abend|fruhstuck|essen)$/;

export function soundsLikeEvent({ lexicon, masked }: ClauseFeatures, from: number): boolean {
  const named = lexicon
    .set(lexicon.data.eventWords)
    .all(masked.tokens, from)
    .some(({ start }) => masked.isFree(start));
  const compound = lexicon.data.language === 'de' && masked.tokens.slice(from).some(({ word }) => COMPOUND.test(word));
  return named || compound;
}

/** "turn off the lights": neither a field nor anything that the user has. */
export function isAboutNothing(hit: VerbHit, features: ClauseFeatures, field: boolean): boolean {
  if (
    field ||
    features.all ||
    hit.verb === 'rename' ||
    features.lexicon.set(features.lexicon.data.priorityNouns).all(features.masked.tokens).length > 0
  )
    return false;
  if (features.nouns.some(({ type }) => type !== 'figure' && type !== 'email') || features.mentions.length > 0)
    return false;
  if (features.masked.tokens.some(({ kind }) => kind === 'id') || (features.pronoun && features.antecedent))
    return false;
  return features.alike(hit.end) === undefined;
}
