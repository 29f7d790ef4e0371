import type { Action } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';
import type { Candidate } from './command';
import type { ClauseFeatures } from './clause-features';
import type { VerbHit } from './clause-verbs';
import { hasTime, isDateWord, isToday } from './question-dates';

/** Questions and "show …" as a read of the thing that they are about. */
export function questionCandidates(features: ClauseFeatures): Candidate[] {
  // "alle Aufgaben löschen": the article at the head asks for nothing where a verb stands at the end.
  const final = features.verbs.some((hit) => hit.final && !READS.has(hit.verb));
  const hits = final ? [] : features.verbs.filter(({ verb, weight }) => READS.has(verb) && weight >= 3);
  const found = hits.flatMap((hit) => readsOf(hit, features));
  if (found.length > 0 || final) return found;
  const plural = features.nouns.find(
    ({ many, aside, start }) => (many || features.question) && !aside && start <= features.head + 4,
  );
  // "do you like projects?" and "tasks are stressful" ask for no list.
  if (plural && plural.type !== 'comment' && !isPlainBefore(plural.start, features)) return [];
  const told = plural !== undefined && !features.question && COPULA.test(features.masked.word(plural.end));
  const asked =
    features.question ||
    (plural !== undefined &&
      !told &&
      features.masked.tokens.length - features.head <= 8 &&
      mayBeDue(features) &&
      !features.masked.tokens.some(({ text }) => text === ':'));
  const last = features.masked.tokens.findLast(({ kind }) => kind === 'word')?.word ?? '';
  const single = features.nouns.find(({ type, many }) => !many && (type === 'project' || type === 'note'));
  if (DETAILS.test(last) && single && features.masked.tokens.length - features.head <= 8)
    return [{ action: 'get', type: single.type, score: 2.8 }];
  const figure = features.nouns.find(({ type }) => type === 'figure');
  if (figure && features.masked.tokens.length - features.head <= 10)
    return [{ action: figureAction(features), type: 'figure', score: 2.6 }];
  return asked ? readsOf(undefined, features) : [];
}

const COPULA = /^(?:are|were|is|was|make|have|sind|waren|machen|sono|erano|sont|etaient|son|eran|estan)$/;
const DETAILS = /^(?:info|infos|details?|dettagli|detalles|status|stand|informationen|stato|estado)$/;
const READS: ReadonlySet<string> = new Set(['list', 'get', 'count', 'summarise']);

function readsOf(hit: VerbHit | undefined, features: ClauseFeatures): Candidate[] {
  const verb = hit ? { verb: { start: hit.start, end: hit.end } } : {};
  const base = hit?.weight ?? 2;
  const make = (action: Action, type: EntityType, score: number): Candidate => ({
    action,
    type,
    score: base + score,
    ...verb,
  });
  const { lexicon, masked } = features;
  const type = aboutOf(features, hit);
  if (hit?.verb === 'count') {
    if (type === 'email' || type === 'event' || type === 'note' || type === 'comment') return [make('list', type, 0.5)];
    return type ? [make('count', 'figure', 1)] : [];
  }
  if (type === 'figure' || lexicon.set(lexicon.data.trend).all(masked.tokens).length > 0)
    return [make(figureAction(features), 'figure', 1)];
  if (!type) return [];
  // "my project manager is annoying": a possessive asks for a list only with a plural.
  if (
    hit &&
    features.lexicon.set(features.lexicon.data.determiners).covers(masked.tokens, hit.start, hit.end) &&
    !features.question &&
    !features.nouns.some(({ many }) => many)
  )
    return [];
  if (isOneOfSome(type, hit, features)) return [];
  if (hit?.verb === 'summarise') {
    if (type === 'note' || type === 'project') return [make('get', type, 1)];
    return [
      make(type === 'email' ? 'summarise' : type === 'task' ? 'report' : 'list', type === 'task' ? 'figure' : type, 1),
    ];
  }
  if (type === 'task' && isToday(features)) return [make('today', 'task', 1)];
  return [make(namesOne(type, hit, features) ? 'get' : 'list', type, 0.8)];
}

/** The noun that is asked for; without one, words that only tasks or events have, or a known name. */
function aboutOf(features: ClauseFeatures, hit: VerbHit | undefined): EntityType | undefined {
  const { nouns, lexicon, masked, mentions } = features;
  const comment = nouns.find(({ type }) => type === 'comment');
  if (comment) return 'comment';
  const main = nouns.find(({ aside }) => !aside);
  const next = main && nouns.find(({ start }) => start === main.end);
  if (main) return distant(main.start, features) ? undefined : (next?.type ?? main.type);
  if (features.toCalendar) return 'event';
  const due = lexicon.set(lexicon.data.due).all(masked.tokens).length > 0;
  const known = mentions.find(({ type }) => type !== 'project') ?? mentions[0];
  const aside = nouns.find(({ type }) => type !== 'project') ?? nouns[0];
  if (aside?.many && aside.type !== 'figure' && hit && !distant(aside.start, features)) return aside.type;
  const agenda = lexicon.set(lexicon.data.agenda).all(masked.tokens).length > 0;
  if (aside && !distant(aside.start, features) && (hit?.verb === 'get' || hit?.verb === 'summarise')) return aside.type;
  if (known && (hit?.verb === 'get' || !due) && (hit || mayBeDue(features))) return known.type;
  if (due && hasTime(features) && mayBeDue(features)) return 'task';
  if (agenda && hasTime(features)) return 'event';
  const { todo, in_progress: started } = lexicon.data.statuses;
  const open = hit && [todo, started].some((phrases) => lexicon.set(phrases).all(masked.tokens, hit.end).length > 0);
  if (open && !known && mayBeDue(features)) return 'task';
  if (due && mayBeDue(features)) return 'task';
  if (aside && !distant(aside.start, features)) return aside.type;
  if (features.pronoun && features.antecedent && hit && masked.tokens.length - features.head <= 5)
    return features.antecedent.type;
  return hit && hit.verb !== 'count' && !features.question ? features.alike(hit.end) : undefined;
}

const OWN = /\b(?:i|we|my|ich|wir|ho|abbiamo|ai|avons|tengo|tenemos|hab)\b/i;
const NEXT =
  /^(?:next|last|latest|nachste[nrs]?|letzte[nrs]?|prossim[oa]|ultim[oa]|prochaine?|derni(?:er|ere)|proxim[oa])$/;

/** "is there a task manager for Linux?": a singular that names nothing known asks for no list. */
function isOneOfSome(
  type: EntityType,
  hit: VerbHit | undefined,
  { question, nouns, mentions, masked }: ClauseFeatures,
): boolean {
  if (!question || hit?.verb === 'get' || hit?.verb === 'summarise' || (type !== 'task' && type !== 'project'))
    return false;
  // "do I have a task for …" asks about the user's own.
  if (hit && OWN.test(masked.slice(hit.start, hit.end))) return false;
  const noun = nouns.find((one) => one.type === type);
  if (!noun || noun.many || mentions.length > 0 || masked.tokens.some(({ kind }) => kind === 'quote' || kind === 'id'))
    return false;
  const after = masked.tokens[noun.end];
  return (
    after?.kind === 'word' &&
    masked.isFree(noun.end) &&
    !NEXT.test(masked.word(noun.start - 1)) &&
    /^(?:a|an|ein|eine|un|una|une)$/.test(masked.word(noun.start - 1))
  );
}

/** Nothing but small words in front of a plural: "I love projects" asks for nothing. */
function isPlainBefore(start: number, features: ClauseFeatures): boolean {
  const { masked, lexicon, head, mentions } = features;
  return masked.tokens
    .slice(head, start)
    .every(
      ({ kind, word }, at) =>
        kind !== 'word' ||
        isListed(features, word) ||
        lexicon.frequent.has(word) ||
        lexicon.wordsOf(lexicon.data.into).has(word) ||
        lexicon.verbs.has(word) ||
        mentions.some((one) => head + at >= one.start && head + at < one.end),
    );
}

/** A noun far behind the verb is a word of something else ("tell me a joke about project managers"). */
function distant(start: number, features: ClauseFeatures): boolean {
  const words = features.masked.tokens.slice(features.head, start).filter(({ kind }) => kind === 'word');
  const foreign = words.filter(
    ({ word }) =>
      !features.lexicon.frequent.has(word) && !features.lexicon.known.has(word) && !isListed(features, word),
  );
  return (
    foreign.length > (features.mentions.length > 0 ? 4 : 1) ||
    (foreign.length === 1 && features.nouns.every(({ aside }) => aside) && features.mentions.length === 0)
  );
}

function isListed({ lexicon }: ClauseFeatures, word: string): boolean {
  const { data } = lexicon;
  const all = [
    data.determiners,
    data.adjectives,
    data.fillers,
    data.statuses.done,
    data.statuses.todo,
    data.statuses.in_progress,
    data.priorities.high,
    data.priorities.low,
    data.priorities.medium,
    data.all,
    data.due,
    data.archived,
    data.active,
    data.prepositions,
  ];
  return all.some((phrases) => lexicon.set(phrases).has(word));
}

/** "what is due", "what's left to do this week": questions that speak of nothing else. */
function mayBeDue(features: ClauseFeatures): boolean {
  const { masked, head, lexicon, mentions } = features;
  const named = (at: number): boolean =>
    !masked.isFree(at) || mentions.some(({ start, end }) => at >= start && at < end);
  const words = lexicon.wordsOf(lexicon.data.due);
  const states = Object.values(lexicon.data.statuses).flatMap((phrases) => lexicon.set(phrases).all(masked.tokens));
  const foreign = masked.tokens.filter(
    ({ kind, word }, at) =>
      at >= head &&
      kind === 'word' &&
      !named(at) &&
      !states.some(({ start, end }) => at >= start && at < end) &&
      !lexicon.frequent.has(word) &&
      !lexicon.known.has(word) &&
      !words.has(word) &&
      !isListed(features, word) &&
      !isDateWord(features, at),
  );
  return foreign.length === 0;
}

/** One thing is meant, not a list: a singular noun with a name or an id behind it. */
function namesOne(type: EntityType, hit: VerbHit | undefined, features: ClauseFeatures): boolean {
  const { masked, mentions, nouns, lexicon } = features;
  if (type === 'task' || type === 'comment' || type === 'checkpoint') return false;
  const id = masked.tokens.some(({ kind }) => kind === 'id' || kind === 'quote');
  const known = mentions.some((mention) => mention.type === type);
  const noun = nouns.find((one) => one.type === type);
  if (noun?.many) return false;
  if (known || id) return true;
  if (noun && lexicon.set(lexicon.data.all).all(masked.tokens, features.head, noun.start).length > 0) return false;
  if (type === 'event' || type === 'email') return hit?.verb === 'get' && noun !== undefined;
  if (hit?.verb === 'get') return true;
  const named = noun !== undefined && (noun.end < masked.tokens.length - 1 || noun.start > features.head + 2);
  return named && !features.question
    ? masked.remaining(noun.end).replace(/\W/g, '') !== '' || features.alike(features.head) === type
    : features.alike(features.head) === type && noun !== undefined;
}

function figureAction({ masked, lexicon }: ClauseFeatures): Action {
  if (lexicon.set(lexicon.data.report).all(masked.tokens).length > 0) return 'report';
  if (lexicon.set(lexicon.data.trend).all(masked.tokens).length > 0) return 'trend';
  return 'count';
}
