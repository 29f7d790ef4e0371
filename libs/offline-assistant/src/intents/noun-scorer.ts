import type { Candidate } from './command';
import type { ClauseFeatures } from './clause-features';
import { isIndefinite } from './verb-entities';

const FOR = /^(?:to|for|called|zu|zum|fur|namens|di|per|de|d'|pour|para)$/;
const BECOMES = /^(?:be|become|as|werden|sein|essere|diventare|diventi|devenir|devienne|etre|ser|sea)$/;
/** What is told of the past asks for nothing new. */
const TOLD =
  /\b(?:had|was|were|used to|ago|hatten?|waren?|avev\w+|era|erano|avait|avions|avais|était|étaient|tenía\w*|había|hubo|fue|eran)\b/iu;
const ASKS: ReadonlySet<string> = new Set(['delete', 'get', 'count', 'summarise', 'archive', 'rename']);

/**
 * "could do with a task for Saturday: …", "ci vorrebbe una nota «…»": whatever the verb is, an indefinite noun with a name
 * behind it (a colon, a quote, "called") is something new.
 */
export function indefiniteCandidates(features: ClauseFeatures): Candidate[] {
  const { masked, lexicon, question, verbs } = features;
  const asks = masked.tokens.at(-1)?.text === '?';
  if (TOLD.test(masked.text) || verbs.some(({ verb, weight }) => weight >= 3 && ASKS.has(verb))) return [];
  const place = features.toCalendar ?? features.toTaskList;
  if (place && place.start <= features.head + 4 && masked.word(place.end) === ':' && !question)
    return [
      {
        action: 'create',
        type: features.toCalendar ? 'event' : 'task',
        score: 3.4,
        verb: { start: 0, end: place.end },
      },
    ];
  for (const noun of features.nouns) {
    if (noun.many || noun.type === 'figure' || noun.type === 'email' || noun.type === 'comment') continue;
    const behind = masked.tokens[noun.end];
    const label0 = masked.tokens[noun.start - 1]?.kind === 'mark' && (behind?.kind === 'quote' || behind?.text === ':');
    const made = { action: 'create' as const, type: noun.type, meaning: 'noun' };
    if (label0) return [{ ...made, score: 3.1 }];
    if (!isIndefinite(features, Math.max(0, noun.start - 4), { ...noun, aside: false })) continue;
    // "could we get a milestone …", "what about having a task …"
    if (/^(?:get|having)$/.test(masked.word(noun.start - 2))) return [{ ...made, score: 4.4 }];
    const label = lexicon
      .set(lexicon.data.labels.title)
      .all(masked.tokens, noun.end, Math.min(masked.tokens.length, noun.end + 6))[0];
    const quote = masked.tokens.findIndex(({ kind }, at) => kind === 'quote' && at >= noun.end && at <= noun.end + 8);
    const colon = masked.tokens.findIndex(({ text }, at) => text === ':' && at >= noun.end && at <= noun.end + 16);
    const named = (label !== undefined && masked.tokens[label.end] !== undefined) || quote >= 0 || colon >= 0;
    if (named && (!question || quote >= 0 || colon >= 0)) return [{ ...made, score: 3.1 }];
    const small = masked.tokens.slice(0, noun.start).every((_, at) => isSmall(features, at));
    const becomes = BECOMES.test(masked.word(noun.start - 2)) && !question && features.linked() === undefined;
    if (becomes && noun.type !== 'project') return [{ action: 'create', type: noun.type, score: 3.2 }];
    if (small && noun.start <= 8 && !asks && (/^\p{Lu}/u.test(behind?.text ?? '') || FOR.test(behind?.word ?? '')))
      return [{ ...made, score: 2.6 }];
  }
  return [];
}

/** A word of grammar, a mark, or what a slot took. */
function isSmall({ masked, lexicon }: ClauseFeatures, at: number): boolean {
  const { data } = lexicon;
  const { kind = 'mark', word = '' } = masked.tokens[at] ?? {};
  if (kind !== 'word' || !masked.isFree(at) || lexicon.frequent.has(word)) return true;
  return [
    data.determiners,
    data.prepositions,
    data.pronouns,
    data.fillers,
    data.adjectives,
    data.verbs.need,
    data.then,
  ].some((phrases) => lexicon.wordsOf(phrases).has(word));
}

/** "… den Kommentar: …", "leave the remark that …": a remark with its text behind it. */
export function commentCandidates(features: ClauseFeatures): Candidate[] {
  const { masked, lexicon, question, verbs } = features;
  const noun = features.nouns.find(({ type, many }) => type === 'comment' && !many);
  if (!noun && !question) return writtenOn(features);
  if (!noun || question || verbs.some(({ verb, weight }) => weight >= 3 && ASKS.has(verb))) return [];
  const behind = masked.tokens[noun.end];
  const text =
    masked.tokens.some(({ text: mark, kind }, at) => at >= noun.end && (mark === ':' || kind === 'quote')) ||
    /^(?:that|dass|che|que|qu')$/.test(behind?.word ?? '') ||
    lexicon.set(lexicon.data.labels.saying).at(masked.tokens, noun.end) !== undefined;
  const hit = verbs.find(({ start }) => start < noun.start);
  const verb = hit ? { verb: { start: hit.start, end: Math.min(hit.end, noun.start) } } : {};
  return text ? [{ action: 'create', type: 'comment', score: 4.4, ...verb }] : [];
}

/** "Write on the task X that …", "schreib bei X dazu: …": what is written on a known task is a remark. */
function writtenOn(features: ClauseFeatures): Candidate[] {
  const { masked, verbs, nouns } = features;
  const linked = features.linked();
  const hit = verbs.find(({ verb, weight }) => weight >= 2.4 && /^(?:draft|jot|put|comment|reply)$/.test(verb));
  if (linked?.type !== 'task' || !hit || nouns.some(({ type }) => type !== 'task')) return [];
  const [first, last] = [Math.min(...linked.at), Math.max(...linked.at)];
  const on = [1, 2, 3].some((back) => ON.test(masked.word(first - back)));
  const text = masked.tokens.some(
    ({ text: mark, word, kind }, at) =>
      at > hit.start && (mark === ':' || kind === 'quote' || (THAT.test(word) && at > last)),
  );
  return on && text
    ? [{ action: 'create', type: 'comment', score: 4.3, verb: { start: hit.start, end: hit.end } }]
    : [];
}

const ON =
  /^(?:on|under|at|to|beneath|bei|beim|unter|zu|zur|zum|auf|sotto|su|sul|sulla|a|al|alla|sous|sur|a|en|bajo|debajo)$/;
const THAT = /^(?:that|dass|che|que|qu')$/;
