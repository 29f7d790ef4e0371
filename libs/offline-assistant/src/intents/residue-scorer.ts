import type { LinkedItem } from '../entities/item-linking';
import type { Phrases } from '../lexicon/lexicon';
import { extraAmount } from '../slots/date-shifts';
import { isCapital, isDated } from '../slots/name-tokens';
import { verbsAt } from '../text/enclitics';
import type { Candidate } from './command';
import type { ClauseFeatures } from './clause-features';
import { AUXILIARY, isResult } from './participles';
import type { SlotEvidence } from './slot-evidence';

/**
 * Sentences about one known thing in any order of words: what is left beside its name are words of grammar and those that
 * say how it is ("painted is the fence at last", "Ben does the slides, not Ann"). Any other word makes it talk.
 */
export function residueCandidates(features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  const { masked, lexicon } = features;
  const { data } = lexicon;
  const linked = features.linked();
  if (!linked || features.question) return [];
  const found: Candidate[] = [];
  const more = features.negated ? undefined : extraAmount(masked);
  const base = { action: 'update' as const, type: linked.type, item: linked.item };
  if (more && unknownWords(features, linked, []).length <= 3) found.push({ ...base, score: 4.6 });
  const name = newNameIn(features, linked);
  if (name !== undefined) found.push({ ...base, score: 4.7, title: name });
  const kept = features.verbs.some(({ verb }) => verb === 'restore') || unknownWords(features, linked, []).length > 4;
  if (linked.type === 'project' && !kept && (says(features, data.archived) || archives(features)))
    found.push({ ...base, score: 3.9, status: 'archived' });
  const field = slots.priority || slots.date || slots.people || slots.status;
  if (field && features.verbs.every(({ weight }) => weight < 3) && unknownWords(features, linked, []).length <= 2)
    found.push({ ...base, score: 2.7, statement: true, guessed: true });
  if (linked.type !== 'task') return found;
  const person = personIn(features, linked);
  if (person !== undefined) found.push({ ...base, score: 3.7, people: [person], statement: true });
  const commands = features.verbs.some(({ verb, weight }) => weight >= 2.2 && !STATES.has(verb));
  if (commands || HEDGES.test(masked.text) || slots.priority) return found;
  const state = stateIn(features, linked);
  if (state && !features.verbs.some(({ atEnd, weight }) => atEnd && weight > 2))
    found.push({ ...base, score: 3.3, status: state, statement: true });
  return found;
}

const STATES: ReadonlySet<string> = new Set([
  'complete',
  'start',
  'list',
  'get',
  'draft',
  'need',
  'put',
  'create',
  'schedule',
  'move',
]);
const HEDGES =
  /\b(?:if|when|maybe|might|hope|wish|could|would|should|wonder|unless|until|before|will|want|almost|nearly|half|not|n't|isn't|hasn't|haven't|never|yet|wenn|falls|vielleicht|nicht|noch|fast|bevor|soll|will|wird|muss|se|forse|quasi|non|prima|vorrei|devo|deve|ancora|si|peut-être|pas|presque|avant|encore|doit|faut|dois|quizás|tal vez|no|casi|antes|todavía|aún|tengo|debe|hay)\b/iu;

/** Words beside the name that are neither grammar nor in one of the sets. */
export function unknownWords(
  features: ClauseFeatures,
  { at }: LinkedItem,
  more: readonly ReadonlySet<string>[],
): number[] {
  const { masked, lexicon } = features;
  const { data } = lexicon;
  const small = [data.determiners, data.prepositions, data.pronouns, data.fillers, data.into, data.then].map(
    (phrases) => lexicon.wordsOf(phrases),
  );
  const nouns = new Set(features.nouns.flatMap(({ start, end }) => range(start, end)));
  return masked.tokens.flatMap(({ kind, word }, index) => {
    if (kind !== 'word' || !masked.isFree(index) || at.has(index) || nouns.has(index)) return [];
    const plain = word.replace(/'s$/, '');
    const fits = lexicon.frequent.has(plain) || GRAMMAR.test(word) || [...small, ...more].some((set) => set.has(plain));
    return fits ? [] : [index];
  });
}

const GRAMMAR =
  /^(?:i'm|i've|we're|we've|it's|he's|she's|they're|they've|been|got|just|finally|already|at|last|today|this|morning|thing|actually|begun|been|being|were|gerade|eben|endlich|schon|heute|bereits|inzwischen|soeben|wurde|wurden|habe|hab|sache|sono|stato|stata|stati|state|sto|stiamo|appena|cosa|oggi|enfin|bien|vient|viens|ete|suis|sommes|chose|truc|matin|ce|bon|sido|estoy|estamos|fin|asunto|recien|acabo|ho|abbiamo|ha|hanno|l'ho|le|ya|rato|hace|va|van|vais|vont|wird|werden|en)$/;

/** "done" where a participle says so, "in_progress" where it is going on. */
function stateIn(features: ClauseFeatures, linked: LinkedItem): 'done' | 'in_progress' | undefined {
  const { masked, lexicon } = features;
  const { data } = lexicon;
  const done = participles(features, [data.isDone, data.haveDone, data.statuses.done]);
  const started = participles(features, [data.isStarted, data.haveStarted, data.statuses.in_progress]);
  const others = unknownWords(features, linked, [done, started]);
  if (others.length === 1 && isResult(features, others[0] ?? 0)) return 'done';
  if (others.length > 0) return undefined;
  const words = masked.tokens.flatMap(({ kind, word }, at) =>
    kind === 'word' && !linked.at.has(at) && masked.isFree(at) ? [word] : [],
  );
  if (words.some((word) => started.has(word)) || goesOn(features, linked)) return 'in_progress';
  return words.some((word) => done.has(word)) || isParticiple(features, linked) ? 'done' : undefined;
}

const made = new Map<string, ReadonlySet<string>>();

function participles({ lexicon }: ClauseFeatures, phrases: readonly Phrases[]): ReadonlySet<string> {
  const key = `${lexicon.data.language} ${phrases.join(' ')}`;
  const known = made.get(key) ?? participlesOf(lexicon, phrases);
  made.set(key, known);
  return known;
}

function participlesOf(lexicon: ClauseFeatures['lexicon'], phrases: readonly Phrases[]): ReadonlySet<string> {
  const { data } = lexicon;
  const grammar = [data.determiners, data.prepositions, data.pronouns, data.fillers].map((one) => lexicon.wordsOf(one));
  const all = phrases.flatMap((one) => [...lexicon.wordsOf(one)]);
  return new Set(
    all.filter(
      (word) =>
        word.length > 3 &&
        !lexicon.frequent.has(word) &&
        !GRAMMAR.test(word) &&
        !grammar.some((set) => set.has(word)) &&
        !/^(?:work|working|taken|care|over|plate|gone|went|bosse|travaille|suis|lavorando|trabajando|arbeite)$/.test(
          word,
        ),
    ),
  );
}

const PARTICIPLE = /(?:ed|ge\p{L}+t|t|en|[aiu]t[aoei]|[ei]e?s?|ue?s?|[ai]d[oa]s?)$/u;

/** "the fence has been painted" of "Paint the fence": the verb of its name as a participle behind an auxiliary. */
function isParticiple({ masked }: ClauseFeatures, { at, item }: LinkedItem): boolean {
  const name = new Set(item.folded.split(/[^\p{L}']+/u));
  return [...at].some(
    (index) =>
      !name.has(masked.word(index)) &&
      PARTICIPLE.test(masked.word(index)) &&
      [1, 2, 3].some((back) => AUXILIARY.test(masked.word(index - back).replace(/^.*'s$/, 'is'))),
  );
}

/** "I'm painting the fence", "sto chiamando l'idraulico". */
function goesOn({ masked }: ClauseFeatures, { at, item }: LinkedItem): boolean {
  const name = new Set(item.folded.split(/[^\p{L}']+/u));
  return [...at].some(
    (index) =>
      !name.has(masked.word(index)) &&
      /(?:ing|[ae]ndo)$/.test(masked.word(index)) &&
      [1, 2].some((back) =>
        /^(?:i'm|am|we're|are|sto|stiamo|estoy|estamos|begun|started)$/.test(masked.word(index - back)),
      ),
  );
}

/** The one name beside the thing, where a word of doing is: "Ines should do the inventory". */
function personIn(features: ClauseFeatures, linked: LinkedItem): string | undefined {
  const { masked, lexicon } = features;
  const { data } = lexicon;
  const doing = new Set([
    ...participles(features, [data.takesOver]),
    ...'do|does|doing|can|could|will|takes|take|handling|looking|after|now|on|this|one|as|well|taking|kann|konnte|kannst|puo|potrebbe|peut|pourrait|puede|podria|se|s|sich|darum|davon|in|charge|di|de|occuparsi|occuper|ocuparse|encargarse|farlo|farla|faire|kummern|ubernehmen|machen|erledigen|over|instead|macht|fa|fara|hace|hara|hacer|fait|fera|lieber|statt|invece|piu|mais|sino|hacen|doch|jetzt|from|anymore|any|more|longer|manos|handle|handles|should|let|lass'.split(
      '|',
    ),
  ]);
  const rest = unknownWords(features, linked, [doing]);
  const names = rest.filter((at) => isCapital(masked, at) && !isDated(masked, at));
  const spoken = masked.tokens.some(({ word, kind }, at) => kind === 'word' && !linked.at.has(at) && DOES.test(word));
  if (!spoken || names.length === 0 || names.length > 3 || names.length !== rest.length) return undefined;
  const groups = grouped(names);
  const denied = groups.filter((group) => [1, 2, 3].some((back) => DENIES.test(masked.word((group[0] ?? 0) - back))));
  const meant = groups.filter((group) => !denied.includes(group));
  const [one] = meant;
  if (!one || meant.length > 1) return undefined;
  return masked.slice(one[0] ?? 0, (one.at(-1) ?? 0) + 1).replace(/['’]s$/, '');
}

const DOES =
  /^(?:do|does|doing|done|take|takes|taking|handle|handles|handling|looking|macht|mach|machen|ubernimmt|ubernehmen|kummern|erledigen|occuparsi|farlo|farla|faire|occuper|charger|ocuparse|encargarse|hacerlo|hacerla|kummert|erledigt|fa|fara|occupa|occupera|pensa|fait|fera|occupe|occupera|charge|prend|hace|hara|hacer|encarga|encargara|ocupa|ocupara|lleva|manos)$/;
const DENIES = /^(?:not|nicht|non|pas|plus|no|statt|invece|ya)$/;

function grouped(positions: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const at of positions) {
    const last = groups.at(-1);
    if (last && last.at(-1) === at - 1) last.push(at);
    else groups.push([at]);
  }
  return groups;
}

/** "El proyecto Feria archívalo": the verb behind what it is about. */
function archives({ masked, lexicon }: ClauseFeatures): boolean {
  return masked.tokens.some((_, at) => verbsAt(lexicon, masked.tokens, at)[0]?.value === 'archive');
}

/** "X should really be called Y", "X soll Y heißen". */
function newNameIn({ masked, lexicon }: ClauseFeatures, { at }: LinkedItem): string | undefined {
  const quotes = masked.tokens.flatMap(({ kind }, index) => (kind === 'quote' && !at.has(index) ? [index] : []));
  const says = lexicon.set(lexicon.data.naming).all(masked.tokens).length > 0;
  const other = [lexicon.data.labels.description, lexicon.data.labels.content].some(
    (label) => lexicon.set(label).all(masked.tokens).length > 0,
  );
  if (other) return undefined;
  if (says && quotes.length === 1) return masked.tokens[quotes[0] ?? 0]?.text;
  const found = lexicon.set(lexicon.data.shallBeCalled).all(masked.tokens).at(-1);
  if (!found || [...at].every((index) => index > found.start)) return undefined;
  const behind = masked.tokens
    .slice(found.end)
    .findIndex(
      ({ kind, text }, index) => kind === 'break' || /^[.;!?]$/.test(text) || isNext(masked, found.end + index),
    );
  const end = behind < 0 ? masked.tokens.length : found.end + behind;
  const quote = masked.tokens[found.end];
  if (quote?.kind === 'quote') return quote.text;
  const calls = /\s*(?:heißen|nennen)\s*$/iu;
  if (/^(?:soll|sollte|muss|musste)$/.test(masked.word(found.start)) && !calls.test(masked.slice(found.end, end)))
    return undefined;
  const name = masked.slice(found.end, end).replace(calls, '').trim();
  return name === '' ? undefined : name;
}

/** ", and its date is …" */
function isNext({ tokens, lexicon }: ClauseFeatures['masked'], at: number): boolean {
  return tokens[at]?.text === ',' && lexicon.set(lexicon.data.and).at(tokens, at + 1) !== undefined;
}

function says({ masked, lexicon }: ClauseFeatures, phrases: Phrases): boolean {
  return lexicon.set(phrases).all(masked.tokens).length > 0;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, offset) => start + offset);
}
