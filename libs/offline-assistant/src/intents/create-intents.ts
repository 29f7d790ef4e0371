import { fold } from '../text/clean';
import type { ClauseFeatures } from './clause-features';
import { pronounsIn, type VerbHit } from './clause-verbs';
import type { Candidate } from './command';
import { idBehind, isInfinitive } from './verbless-scorer';
import type { SlotEvidence } from './slot-evidence';
import { createdNoun, entityOf, isDefinite, soundsLikeEvent, type Make } from './verb-entities';

export function creations(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence, make: Make): Candidate[] {
  const noun = createdNoun(hit, features);
  const { toTaskList, toCalendar, masked } = features;
  const pointing = pronounsIn(features.lexicon, masked.tokens, hit.end, hit.end + 3).some(
    ({ start }) => start === hit.end,
  );
  const toIt =
    /^(?:to|into|dazu|a|en)$/.test(masked.word(hit.end)) &&
    pronounsIn(features.lexicon, masked.tokens, hit.end + 1, hit.end + 3).some(({ start }) => start === hit.end + 1);
  if (toIt && !noun) return features.antecedent ? [make('update', features.antecedent.type, 1.4)] : [];
  const intoNote = features.nouns.find(({ type, aside, start }) => type === 'note' && aside && start > hit.end);
  if (
    !noun &&
    intoNote &&
    /^(?:add|put|write|fuge?|aggiungi|ajoute|anade|agrega|scrivi|schreib|ecris|escribe|append)/.test(
      masked.word(hit.start),
    )
  )
    return [make('update', 'note', 1.8)];
  if (
    !noun &&
    !pointing &&
    features.mentions.some(({ type }) => type === 'note') &&
    /^(?:add|append|fuge?|aggiungi|ajoute|anade|agrega)/.test(masked.word(hit.start))
  )
    return [make('update', 'note', 1.5)];
  const state = [features.lexicon.data.active, features.lexicon.data.archived].some(
    (phrases) => features.lexicon.set(phrases).all(masked.tokens, hit.end).length > 0,
  );
  if (noun?.type === 'project' && state && features.mentions.some(({ type }) => type === 'project')) return [];
  if (noun?.type === 'figure') return [];
  if (noun?.many === true && features.question && masked.word(noun.end) !== ':') return [];
  if (toTaskList && noun && noun.type !== 'task' && noun.start === hit.end) return [make('create', 'task', 1.6)];
  if (
    noun &&
    (masked.tokens[noun.end]?.kind === 'id' || isDefinite(features, noun)) &&
    (slots.status || slots.priority || slots.date || slots.people) &&
    hit.apart === undefined &&
    CHANGES.test(masked.word(hit.start))
  )
    return [];
  if (noun?.type === 'email') return [make('draft', 'email', 1.2)];
  if (noun) return [make('create', noun.type, 1.4)];
  if (toCalendar) return [make('create', 'event', 1.6)];
  if (toTaskList) return [make('create', 'task', 1.6)];
  if (pointing && hit.atEnd) return [make('create', 'task', 0.6)];
  if (pointing) return features.antecedent?.type === 'note' ? [make('update', 'note', 1)] : [];
  const quoted = masked.tokens[hit.end]?.kind === 'quote';
  if (isChangeOfField(hit, features, slots)) return [make('update', entityOf(hit, features, 'task'), 1.2)];
  const any = slots.date || slots.priority || slots.people || slots.status;
  const words = fold(masked.slice(hit.start, hit.end));
  if (!quoted && (BARE.test(words) || (NEEDS.test(words) && !any && masked.word(hit.end) !== ':'))) return [];
  if (
    PLACES.test(masked.word(hit.start)) &&
    !quoted &&
    hit.apart === undefined &&
    !any &&
    !features.nouns.some(({ type }) => type === 'project')
  )
    return [];
  const project = features.nouns.some(({ type, aside }) => type === 'project' && aside);
  return [
    make(
      'create',
      hit.weight > 2 && (soundsLikeEvent(features, hit.end) || slots.ranged) && slots.timed && !quoted
        ? 'event'
        : 'task',
      quoted || project ? 0.8 : 0.3,
    ),
  ];
}

/** "make me a sandwich", "mach das": without a noun these ask for anything. */
const BARE =
  /^(?:make|mache?|fai|fais|faites|haz|build|start|open)(?:[\s-](?:me|us|mir|uns|moi|nous))?(?:\s(?:an?|un|une))?$/;
/** "il me faut un conseil": without a noun or a field these wish for anything. */
const NEEDS =
  /^(?:il (?:me|nous) faut|j'ai besoin|on a besoin|necesit|hace falta|quiero|quisiera|je voudrais|[cm]i serve|i'd like|(?:could|can) (?:we|i) get)/;

/** "metti un po' di musica": without a list, a date or a name for it this places anything. */
const PLACES = /^(?:metti|mettimi|mets|mettez|pon|ponme|ponga|put|set|setze?|stelle?|lege?)$/;

/** Verbs that create or change, as what follows tells. */
export const CHANGES = /^(?:metti|mets|mettez|pon|ponga|setze?|stelle?|lege?|haz|fai|fais|mache?|make|set|dai|passa)$/;

/** "add a deadline to X", "set the priority of X": a field of something that exists. */
export function isChangeOfField(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence): boolean {
  const { masked, lexicon } = features;
  let at = hit.end;
  while (lexicon.set(lexicon.data.determiners).at(masked.tokens, at)) at += 1;
  const field =
    lexicon.set(lexicon.data.labels.description).at(masked.tokens, at) ??
    lexicon.set(lexicon.data.deadlineOf).at(masked.tokens, at) ??
    (masked.isFree(at) ? undefined : true);
  return (
    field !== undefined &&
    (slots.priority || slots.date || slots.status || slots.people || field !== true) &&
    at < hit.end + 3 &&
    features.nouns.some(({ aside }) => aside)
  );
}

export function needs(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence, make: Make): Candidate[] {
  const noun = createdNoun(hit, features);
  if (noun && noun.type !== 'email' && noun.type !== 'figure' && noun.start <= hit.end + 4 && !noun.many)
    return [make('create', noun.type, 1.1)];
  if (features.question || slots.past) return [];
  const { masked, lexicon } = features;
  const vague = /should|sollte|dovre|devrai|deber[ií]a/.test(masked.slice(hit.start, hit.end).toLowerCase());
  if (vague && !slots.date && !slots.priority) return [];
  const chore =
    lexicon.set(lexicon.data.chores).at(masked.tokens, masked.firstFree(hit.end)) ??
    lexicon.verbs.at(masked.tokens, masked.firstFree(hit.end));
  // "I need to sleep" is talk; a chore, a date or a priority makes it something to do.
  if (
    !chore &&
    !slots.date &&
    !slots.priority &&
    !features.toTaskList &&
    features.verbs.every(({ verb, atEnd }) => !(verb === 'create' && atEnd))
  )
    return [];
  return /^(?:a|an|one|another|more|einen?|eine|un|una|une|otra?|altr[oa]|noch|weitere[nr]?)$/.test(
    features.masked.word(hit.end - 1),
  )
    ? []
    : [make('create', 'task', 0.6, { guessed: true })];
}

/** "Task" alone is a label only where something other than an id follows. */
export function reminders(hit: VerbHit, features: ClauseFeatures, make: Make): Candidate[] {
  if (features.masked.tokens[hit.end]?.kind === 'id') return [];
  if (features.nouns.some((noun) => noun.start === hit.start && idBehind(features, noun) !== undefined)) return [];
  const noun = features.nouns.find(({ start, aside }) => start >= hit.end && !aside && start <= hit.end + 1);
  const label = features.nouns.some(({ start }) => start === hit.start);
  if (noun && noun.type !== 'task' && noun.type !== 'email' && label && features.masked.word(hit.end) !== ':')
    return [];
  if (label && features.masked.tokens[hit.end] === undefined) return [];
  return [make('create', 'task', label && features.masked.word(hit.end) !== ':' ? 0 : 1.2)];
}

export function jots(hit: VerbHit, features: ClauseFeatures, make: Make): Candidate[] {
  if (features.toCalendar && features.toCalendar.start <= hit.end + 1) return [make('create', 'event', 1.4)];
  const noun = features.nouns.find(({ start, aside }) => start >= hit.end && start <= hit.end + 3 && !aside);
  if (
    noun &&
    (noun.type === 'task' || noun.type === 'comment') &&
    features.masked.tokens.slice(hit.end, noun.start).every(({ kind }) => kind === 'word')
  )
    return [make('create', noun.type, 0.8)];
  const known = features.mentions.find(({ type }) => type === 'task');
  if (
    known &&
    /^(?:note|notiere|notier)$/.test(features.masked.word(hit.start)) &&
    features.nouns.some(({ type, aside }) => type === 'task' && aside)
  )
    return [make('create', 'comment', 0.9)];
  // "apúntame que tengo que …" is something to do.
  const that = /^(?:that|dass|che|que|qu')$/.test(features.masked.word(hit.end)) ? 1 : 0;
  const needed = features.lexicon.verbs.at(features.masked.tokens, hit.end + that)?.value === 'need';
  // "apúntame comprar leche" too.
  const chore = isInfinitive(features, features.masked.firstFree(hit.end));
  return [make('create', needed || chore ? 'task' : 'note', 1)];
}

export function schedules(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence, make: Make): Candidate[] {
  const noun = createdNoun(hit, features);
  if (noun && noun.type !== 'event')
    return noun.type === 'figure' ? [] : [make('create', noun.type === 'email' ? 'event' : noun.type, 1.2)];
  if (noun) return [make('create', 'event', 1.5)];
  const sure =
    features.toCalendar !== undefined || soundsLikeEvent(features, hit.end) || slots.timed || hit.end - hit.start > 1;
  // "mach das Licht aus" makes no appointment.
  if (!sure && hit.apart && /^mache?$/.test(features.masked.word(hit.start))) return [];
  const moving = features.mentions.find(({ type }) => type === 'event' || type === 'task');
  if (moving && slots.date && !features.toCalendar) return [make('update', moving.type, 1)];
  return sure ? [make('create', 'event', 1)] : [make('create', 'task', 0.2, { guessed: true })];
}

export const WRITES_MAIL =
  /mail|^(?:compose|entwirf|entwerf|rispond|repond|respond|antwort|contest|reply|redige|redact|verfass)/;

export function drafts(hit: VerbHit, features: ClauseFeatures, make: Make): Candidate[] {
  const { masked, nouns } = features;
  const words = masked.slice(hit.start, hit.end).toLowerCase();
  const first = masked.word(hit.start);
  const about =
    nouns.find(({ type, start }) => type === 'task' && start >= hit.end) ??
    features.mentions.find(({ type }) => type === 'task');
  const mail = nouns.find(({ type, start }) => type === 'email' && start >= hit.start);
  const comment = nouns.find(({ type, start }) => type === 'comment' && start >= hit.start);
  if (comment && !mail) return [make('create', 'comment', 1.4)];
  if (hit.verb === 'reply') return about && !mail ? [make('create', 'comment', 1.6)] : [make('draft', 'email', 0.8)];
  const note = nouns.find(({ type, start, aside }) => type === 'note' && start >= hit.end && !aside);
  if (note && note.start <= hit.end + 3) return [make('create', 'note', 1.2)];
  if (mail && mail.start <= hit.end + 5) return [make('draft', 'email', 1.4)];
  const other = createdNoun(hit, features);
  if (other && other.type !== 'figure') return [make('create', other.type, 0.9)];
  if (WRITES_MAIL.test(words) || WRITES_MAIL.test(first) || / (?:to|an|a|à)$/.test(words))
    return [make('draft', 'email', 0.7)];
  return [];
}
