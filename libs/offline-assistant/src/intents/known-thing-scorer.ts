import type { LinkedItem } from '../entities/item-linking';
import { isCapital, isDated } from '../slots/name-tokens';
import type { Candidate } from './command';
import type { ClauseFeatures } from './clause-features';
import { unknownWords } from './residue-scorer';

const MAX_OTHER = 3;

/** What is to be otherwise about one known thing, whatever the verb is: its text, its project, its place, its name, or who belongs to it. */
export function knownThingCandidates(features: ClauseFeatures): Candidate[] {
  const linked = features.linked();
  if (!linked || features.question || features.negated) return [];
  return [
    ...contentOf(features, linked),
    ...projectOf(features, linked),
    ...placeOf(features, linked),
    ...peopleOf(features, linked),
  ];
}

function update(linked: LinkedItem, score: number, more: Partial<Candidate> = {}): Candidate {
  return { action: 'update', type: linked.type, item: linked.item, score, ...more };
}

/** "In die Notiz X gehört: …": a known note with its text behind a colon. */
function contentOf({ masked, nouns, lexicon }: ClauseFeatures, linked: LinkedItem): Candidate[] {
  const described = lexicon.set(lexicon.data.labels.description).all(masked.tokens)[0];
  if (linked.type === 'task' && described && described.start < Math.min(...linked.at))
    return masked.word(described.end) !== ':' &&
      masked.tokens.some(({ text, kind }, at) => at > described.end && (text === ':' || kind === 'quote'))
      ? [update(linked, 4.3)]
      : [];
  if (linked.type !== 'note') return [];
  const last = Math.max(...linked.at);
  const first = Math.min(...linked.at);
  const colon = masked.tokens.findIndex(({ text }, at) => text === ':' && at > last);
  const noun = nouns.find(({ type }) => type === 'note');
  const fresh = noun !== undefined && lexicon.wordsOf(lexicon.data.adjectives).has(masked.word(noun.start - 1));
  const label = lexicon.set(lexicon.data.labels.content).all(masked.tokens).length > 0;
  if (colon < 0 || fresh || !(noun || label) || masked.tokens[colon + 1] === undefined) return [];
  // "note Shopping: milk" writes a new one unless something is said of it.
  const others = masked.tokens
    .slice(0, colon)
    .filter(({ kind }, at) => kind === 'word' && (at < first || at > last)).length;
  return others > 2 || label ? [update(linked, 4.3)] : [];
}

/** "The X note belongs to the project Y": a known thing and a project that is not its name. */
function projectOf(features: ClauseFeatures, linked: LinkedItem): Candidate[] {
  if (linked.type === 'project' || linked.type === 'event') return [];
  const project = features.mentions.find(({ type, start }) => type === 'project' && !linked.at.has(start));
  if (!project) return [];
  const at = new Set(linked.at);
  for (let index = project.start; index < project.end; index += 1) at.add(index);
  const belongs = features.lexicon.set(features.lexicon.data.belongs).all(features.masked.tokens).length > 0;
  const rest = unknownWords(features, { ...linked, at }, []).length;
  return belongs && rest <= MAX_OTHER ? [update(linked, 3.9, { meaning: 'move' })] : [];
}

/** "The parents' evening is in the gym now": an event and a place. */
function placeOf(features: ClauseFeatures, linked: LinkedItem): Candidate[] {
  if (linked.type !== 'event') return [];
  const { masked, lexicon } = features;
  const places = lexicon
    .set(lexicon.data.place)
    .all(masked.tokens)
    .some(({ start, end }) => masked.areFree(start, end) && !linked.at.has(end) && masked.tokens[end]?.kind === 'word');
  const moves = lexicon.set(lexicon.data.takesPlace).all(masked.tokens).length > 0;
  return places && moves ? [update(linked, 3.2, { meaning: 'place' })] : [];
}

function isName({ masked, lexicon }: ClauseFeatures, at: number): boolean {
  const { data } = lexicon;
  const field = [
    data.priorityNouns,
    data.statusNouns,
    data.deadlineOf,
    data.dates.lead,
    data.labels.description,
    data.naming,
  ];
  return (
    isCapital(masked, at) &&
    !isDated(masked, at) &&
    !field.some((phrases) => lexicon.wordsOf(phrases).has(masked.word(at)))
  );
}

/** "Add Ann to X", "put Ben on X with Carla": nothing but names beside the thing. */
function peopleOf(features: ClauseFeatures, linked: LinkedItem): Candidate[] {
  if (linked.type !== 'task' && linked.type !== 'event') return [];
  const { masked, verbs } = features;
  const hit = verbs.find(({ verb, weight }) => weight >= 2.2 && /^(?:create|put)$/.test(verb));
  const titled = features.lexicon.set(features.lexicon.data.labels.title).all(masked.tokens).length > 0;
  if (!hit || titled || masked.quote() !== undefined) return [];
  const rest = unknownWords(features, linked, []).filter((at) => at < hit.start || at >= hit.end);
  const names = rest.filter((at) => at >= hit.end && isName(features, at));
  const first = names[0];
  if (first === undefined || rest.length - names.length > 2 || names.length > 4 || first > hit.end + 2) return [];
  const groups = names.reduce<number[][]>((made, at) => {
    const last = made.at(-1);
    if (last?.at(-1) === at - 1) last.push(at);
    else made.push([at]);
    return made;
  }, []);
  const people = groups.map((group) => masked.slice(group[0] ?? 0, (group.at(-1) ?? 0) + 1).replace(/['’]s$/, ''));
  return [update(linked, 4.6, { people })];
}
