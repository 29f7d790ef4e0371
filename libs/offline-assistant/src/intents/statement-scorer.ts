import type { Phrases } from '../lexicon/lexicon';
import type { Candidate } from './command';
import type { ClauseFeatures } from './clause-features';
import { toldAt } from './told';
import type { SlotEvidence } from './slot-evidence';

/**
 * Sentences that state how something known is ("the slides are urgent now", "I paid the bill", "X is done"): changes
 * in other words. They score above the threshold only when the rest of the sentence names something that exists, or
 * may name it where nothing is known yet.
 */
export function statementCandidates(features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  if (features.question) return [];
  const { data } = features.lexicon;
  const imperative = features.verbs.some(
    ({ weight, atEnd, final, verb }) =>
      (weight >= 3 && !atEnd && verb !== 'complete' && verb !== 'start') || (final && verb === 'delete'),
  );
  const found: Candidate[] = [];
  const done = phraseIn(features, data.haveDone, true);
  if (done && knows(features, done.end)) found.push(statement('done', done, 3.3));
  const started = phraseIn(features, data.haveStarted, true);
  if (started && knows(features, started.end)) found.push(statement('in_progress', started, 3.4));
  const deadline = behindAdjectives(features, data.deadlineOf);
  if (deadline && slots.date) found.push({ action: 'update', type: nounType(features), score: 4.4, verb: deadline });
  // "status of X: in progress"
  const noun = phraseIn(features, data.statusNouns, true) ?? phraseIn(features, data.priorityNouns, true);
  const colon = features.masked.tokens.some(({ text }) => text === ':');
  if (noun && colon && (slots.status || slots.priority))
    found.push({ action: 'update', type: 'task', score: 4.4, verb: noun });
  if (imperative) return found;
  // "X must be finished by Friday" is a deadline.
  const must = features.lexicon.set(data.mustDo).all(features.masked.tokens).length > 0;
  const isDone = must ? undefined : phraseIn(features, data.isDone, false);
  if (
    isDone &&
    isDone.start > features.head &&
    endsClause(features, isDone.end) &&
    knows(features, features.head, isDone.start)
  )
    found.push(statement('done', isDone, 3.2));
  const isStarted = phraseIn(features, data.isStarted, false);
  if (
    isStarted &&
    isStarted.start > features.head &&
    endsClause(features, isStarted.end) &&
    knows(features, features.head, isStarted.start)
  )
    found.push(statement('in_progress', isStarted, 3.2));
  if (
    (slots.priority || slots.date || slots.people || slots.status) &&
    knows(features, features.head) &&
    features.verbs.every(({ weight }) => weight < 3)
  ) {
    const about = nounType(features);
    found.push({
      action: 'update',
      type: about,
      score: features.mentions.length > 0 ? 2.6 : 2.1,
      statement: true,
      guessed: true,
    });
  }
  const unneeded = phraseIn(features, data.notNeeded, false);
  if (
    unneeded &&
    features.verbs.every(({ verb }) => verb !== 'delete') &&
    (features.linked() !== undefined || (knows(features, features.head) && features.mentions.length > 0))
  )
    found.push({
      action: 'delete',
      type: features.linked()?.type ?? nounType(features),
      score: 3,
      verb: unneeded,
      statement: true,
    });
  return found;
}

function statement(status: 'done' | 'in_progress', verb: { start: number; end: number }, score: number): Candidate {
  return { action: 'update', type: 'task', status, verb, score, statement: true };
}

function phraseIn(
  features: ClauseFeatures,
  phrases: Phrases,
  atHead: boolean,
): { start: number; end: number } | undefined {
  const { masked, lexicon, head } = features;
  const index = lexicon.set(phrases);
  if (!atHead) {
    const all = index.all(masked.tokens).filter(({ start, end }) => masked.areFree(start, end));
    return all.at(-1);
  }
  const first = toldAt(lexicon, phrases, masked.tokens, head);
  if (first) return first;
  // "Marta has finished the translations": a name in front.
  for (let at = head + 1; at <= head + 3 && at < masked.tokens.length; at += 1) {
    const name =
      /^\p{Lu}/u.test(masked.tokens[at - 1]?.text ?? '') ||
      /^(?:we|i|she|he|they|ich|wir|io|noi|j'|on|nous|yo)$/.test(masked.word(at - 1));
    const match = index.at(masked.tokens, at);
    if (name && match && match.end - match.start > 1) return match;
    if (!name) break;
  }
  return undefined;
}

/** "the new deadline for X": articles and adjectives may stand in front. */
function behindAdjectives(
  { masked, lexicon, head }: ClauseFeatures,
  phrases: Phrases,
): { start: number; end: number } | undefined {
  const small = [lexicon.set(lexicon.data.determiners), lexicon.set(lexicon.data.adjectives)];
  for (let at = head; at <= head + 3; at += 1) {
    const match = lexicon.set(phrases).at(masked.tokens, at);
    if (match) return match;
    if (!small.some((index) => index.at(masked.tokens, at) !== undefined)) return undefined;
  }
  return undefined;
}

/** Nothing but small words behind: "X is done now, great job". */
function endsClause({ masked, lexicon }: ClauseFeatures, end: number): boolean {
  const fillers = lexicon.set(lexicon.data.fillers);
  let at = end;
  while (at < masked.tokens.length) {
    if (masked.tokens[at]?.kind === 'mark' || masked.tokens[at]?.kind === 'break') return true;
    const filler = fillers.at(masked.tokens, at);
    if (
      !filler &&
      !/^(?:now|jetzt|ora|ya|maintenant|finally|already|today|too|also|schon|gia|deja|\w{2,4})$/.test(masked.word(at))
    )
      return false;
    at = filler?.end ?? at + 1;
  }
  return true;
}

/** Whether the words name something: a known name, a similar one, a noun, a pronoun with an antecedent, or an id. */
function knows(features: ClauseFeatures, from: number, to?: number): boolean {
  const { masked } = features;
  if (features.mentions.some(({ start }) => start >= from && (to === undefined || start < to))) return true;
  if (masked.tokens.some(({ kind }, at) => kind === 'id' && at >= from)) return true;
  if (features.antecedent && features.pronoun) return true;
  const mark = masked.tokens.findIndex(({ kind }, at) => at > from && (kind === 'mark' || kind === 'break'));
  return (
    features.alike(from, to ?? (mark < 0 ? undefined : mark)) !== undefined || features.alike(from, to) !== undefined
  );
}

function nounType(features: ClauseFeatures): Candidate['type'] {
  const noun = features.nouns.find(({ aside, type }) => !aside && type !== 'figure' && type !== 'email');
  if (noun) return noun.type;
  return features.mentions.find(({ type }) => type !== 'project')?.type ?? features.alike(features.head) ?? 'task';
}
