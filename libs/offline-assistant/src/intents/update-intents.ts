import type { ClauseFeatures } from './clause-features';
import type { VerbHit } from './clause-verbs';
import type { Candidate } from './command';
import type { SlotEvidence } from './slot-evidence';
import { createdNoun, entityOf, isAboutNothing, isIndefinite, type Make } from './verb-entities';

export function completions(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence, make: Make): Candidate[] {
  const type = entityOf(hit, features, 'task');
  if (type === 'project') return [make('update', 'project', 0.5, { status: 'archived' })];
  const known = features.mentions.length > 0 || features.pronoun || features.alike(hit.end) !== undefined;
  if (slots.date && !known && !features.nouns.some(({ type: noun }) => noun === 'task'))
    return [make('create', 'task', 0.5, { guessed: true })];
  if (
    /^(?:close|ferme|fermer|cierra|chiudi|schliese|schlies|fertig|fait|fini|lista|hecho|fatto|fatta|done|stop)/.test(
      features.masked.word(hit.start),
    ) &&
    isAboutNothing(hit, features, slots.status)
  )
    return [];
  return [make('update', 'task', 0.7, { status: 'done' })];
}

export function updates(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence, make: Make): Candidate[] {
  const noun = createdNoun(hit, features);
  const field = slots.priority || slots.status || slots.people;
  const { masked, lexicon } = features;
  const indefinite = noun !== undefined && isIndefinite(features, hit.end, noun);
  const known =
    features.mentions.find(({ start }) => start >= hit.end) ??
    (masked.tokens.some(({ kind }) => kind === 'id') ? true : undefined);
  if (hit.verb === 'put' || /^(?:set|metti|mets|pon|stell|make|give|leg)/.test(masked.word(hit.start))) {
    if (features.toCalendar && known === undefined) return [make('create', 'event', 1.6)];
    if (features.toTaskList && !field && known === undefined) return [make('create', 'task', 1.6)];
    if (indefinite && noun.type !== 'figure' && !(hit.verb === 'assign')) return [make('create', noun.type, 1.3)];
    const fresh =
      noun &&
      noun.start <= hit.end + 1 &&
      known === undefined &&
      !field &&
      /^\p{Lu}/u.test(masked.tokens[noun.end]?.text ?? '');
    if (fresh && noun.type === 'checkpoint' && features.alike(noun.end) === undefined)
      return [make('create', 'checkpoint', 1.3)];
    const owner = masked.tokens.some(
      ({ word }, at) => /'s$/.test(word) && /^(?:list|tasks|todos)$/.test(masked.word(at + 1)),
    );
    if (hit.verb === 'put' && (owner || (features.toTaskList && masked.tokens[hit.end]?.kind === 'quote')))
      return [make('create', 'task', 1.6)];
  }
  if (hit.verb === 'assign' && indefinite && noun.type === 'task' && known === undefined)
    return [make('create', 'task', 1.2)];
  const remark = features.nouns.find(({ type }) => type === 'comment');
  if (remark && hit.verb !== 'move') return [make('create', 'comment', 0.6)];
  const status = lexicon
    .set(lexicon.data.archived)
    .all(masked.tokens)
    .some(
      ({ start, end }) =>
        start >= hit.end &&
        !features.mentions.some((one) => one.type !== 'project' && one.start <= start && end <= one.end),
    );
  const active =
    (!slots.status || features.mentions.some(({ type }) => type === 'project')) &&
    lexicon
      .set(lexicon.data.active)
      .all(masked.tokens)
      .some(({ start }) => start >= hit.end) &&
    features.nouns.some(({ type }) => type === 'project');
  if (status || active) return [make('update', 'project', 1.2, { status: status ? 'archived' : 'active' })];
  const type = entityOf(hit, features, 'task', field ? 1.5 : 0);
  const evidence = 0.3 + (known ? 0.4 : 0) + (field || slots.date ? 0.3 : 0) + (features.pronoun ? 0.2 : 0);
  return isAboutNothing(hit, features, field || slots.date) ? [] : [make('update', type, evidence)];
}
