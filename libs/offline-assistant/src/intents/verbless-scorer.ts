import type { Candidate } from './command';
import type { ClauseFeatures } from './clause-features';
import type { SlotEvidence } from './slot-evidence';
import { isDefinite } from './verb-entities';

/** "Checkpoint 'Beta' on …", "urgent task: …", "Tasks:\n- …", "Dinner with Anna on Friday at 8": a noun without a verb. */
export function labelCandidates(features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  const { masked, head, nouns, question } = features;
  if (question || slots.past) return [];
  const start = skipDeterminers(features, head);
  const first = nouns.find((noun) => noun.start === start && !noun.aside) ?? nouns.find((noun) => noun.start === start);
  const event = features.lexicon.set(features.lexicon.data.eventWords).at(masked.tokens, start);
  if (!first)
    return event && slots.date && (slots.timed || features.toCalendar) && event.start <= head + 2
      ? [{ action: 'create', type: 'event', score: 2.6, guessed: true }]
      : [];
  const label = { verb: { start: head, end: first.end } };
  const behind = masked.tokens[first.end];
  if (first.type === 'figure') return [];
  const colon =
    masked.word(first.end) === ':' || masked.tokens.slice(first.end, first.end + 8).some(({ text }) => text === ':');
  if (first.type === 'event')
    return slots.date || colon
      ? [{ action: 'create', type: 'event', score: 2.7, guessed: !colon, ...(slots.date && !colon ? {} : label) }]
      : [];
  if (behind === undefined || (first.many && !colon)) return [];
  if (behind.kind === 'id' || idBehind(features, first) !== undefined) return [];
  const dash = /^[-–—]$/.test(behind.text);
  if (isDefinite(features, first) && !colon && !dash) return [];
  return [
    {
      action: first.type === 'email' ? 'draft' : 'create',
      type: first.type,
      score: colon || dash || behind.kind === 'quote' ? 3 : 2.3,
      ...label,
    },
  ];
}

/** "dentist on Friday at 5 in my calendar", "X goes in the calendar": a calendar or a list without a verb of command. */
export function placedCandidates(
  { toCalendar, toTaskList, verbs, question, masked, linked }: ClauseFeatures,
  slots: SlotEvidence,
): Candidate[] {
  const place = toCalendar ?? toTaskList;
  if (
    !place ||
    question ||
    slots.past ||
    verbs.some(({ weight, verb }) => weight >= 2.2 && verb !== 'list' && verb !== 'need')
  )
    return [];
  const other = masked.tokens.some(
    ({ kind }, at) => kind === 'word' && masked.isFree(at) && (at < place.start || at >= place.end),
  );
  if (!other || linked() !== undefined || place.end - place.start < 2) return [];
  if (toCalendar) return slots.date ? [{ action: 'create', type: 'event', score: 3.1 }] : [];
  return [{ action: 'create', type: 'task', score: 2.4, guessed: true }];
}

/** "task 412", "Tarea n.º 507": the known thing whose short id follows its noun. */
export function idBehind(
  { masked, mentions }: ClauseFeatures,
  noun: { readonly type: string; readonly end: number },
): number | undefined {
  const found = mentions.find(
    ({ type, item, start, end }) =>
      type === noun.type &&
      start >= noun.end &&
      start <= noun.end + 4 &&
      end === start + 1 &&
      item.id.toLowerCase() === masked.word(start),
  );
  const between = found && masked.tokens.slice(noun.end, found.start);
  return between?.every(
    ({ kind, word }) => kind === 'mark' || /^(?:n|nr|no|num|number|nummer|numero|id)$/.test(word),
  ) === true
    ? found?.start
    : undefined;
}

/** "task <id>: due 4 Dec" */
export function idCandidates(features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  const { masked, nouns, head, question } = features;
  const label = nouns.find((noun) => idBehind(features, noun) !== undefined);
  if (label && (slots.date || slots.status || slots.priority || slots.people))
    return [{ action: 'update', type: label.type, score: 3.4 }];
  const at = masked.tokens.findIndex(({ kind }) => kind === 'id');
  if (at < 0) return [];
  const noun = nouns.findLast(({ end }) => end <= at && at - end <= 3) ?? nouns[0];
  const type = noun?.type ?? 'task';
  if (slots.date || slots.status || slots.priority || slots.people) return [{ action: 'update', type, score: 2.4 }];
  return at <= head + 4 || question
    ? [{ action: type === 'task' || type === 'comment' || type === 'checkpoint' ? 'list' : 'get', type, score: 2 }]
    : [];
}

export function skipDeterminers({ masked, lexicon }: ClauseFeatures, head: number): number {
  let at = head;
  const words = [lexicon.data.determiners, lexicon.data.adjectives, lexicon.data.samePlace].map((phrases) =>
    lexicon.set(phrases),
  );
  for (let round = 0; round < 5; round += 1) {
    const found = words.map((index) => index.at(masked.tokens, at)).find((match) => match !== undefined);
    if (found && !lexicon.nouns.at(masked.tokens, at)) at = found.end;
    else if (/^[2-9]$/.test(masked.word(at)) && at === head) at += 1;
    else if (!masked.isFree(at) && at < masked.tokens.length) at += 1;
    else break;
  }
  return at;
}

/** Infinitives, by which Romance languages write down what is to be done. */
const INFINITIVES: Readonly<Record<string, RegExp>> = {
  it: /^.{2,}(?:are|ere|ire)$/,
  fr: /^.{3,}(?:er|ir|re)$/,
  es: /^.{2,}(?:ar|er|ir)$/,
};

/** An infinitive of a Romance language with something behind it. */
export function isInfinitive({ masked, lexicon }: ClauseFeatures, at: number): boolean {
  const word = masked.word(at);
  return (
    INFINITIVES[lexicon.data.language]?.test(word) === true &&
    !lexicon.frequent.has(word) &&
    masked.tokens[at + 1]?.kind === 'word' &&
    /^\p{Ll}/u.test(masked.tokens[at]?.text ?? '')
  );
}

/** Sentences that begin like something to do: "buy milk tomorrow". */
export function choreCandidates(
  { masked, lexicon, head, question, nouns }: ClauseFeatures,
  slots: SlotEvidence,
): Candidate[] {
  if (question || /^(?:me|us|this|that|it|you)$/.test(masked.word(head + 1))) return [];
  const chore = lexicon.set(lexicon.data.chores).at(masked.tokens, head);
  const infinitive =
    INFINITIVES[lexicon.data.language]?.test(masked.word(head)) === true && !lexicon.frequent.has(masked.word(head));
  const more =
    (chore !== undefined && masked.tokens[chore.end] !== undefined) ||
    (infinitive && masked.tokens[head + 1] !== undefined);
  // Without a date or a priority nothing tells a thing to do from a request to another app.
  if (!slots.date && !slots.priority && !slots.people) return [];
  if (
    !more ||
    nouns.some(
      ({ aside, type }) => !aside && type !== 'task' && type !== 'event' && type !== 'email' && type !== 'note',
    )
  )
    return [];
  return [
    { action: 'create', type: 'task', score: 2 + (slots.date ? 0.4 : 0) + (slots.priority ? 0.2 : 0), guessed: true },
  ];
}

/** "title: … description: …" */
export function titleCandidates({ masked, lexicon, head, nouns }: ClauseFeatures): Candidate[] {
  const label = lexicon.set(lexicon.data.labels.title).at(masked.tokens, head);
  const type =
    nouns.find(({ type: one }) => one === 'note' || one === 'project' || one === 'checkpoint')?.type ?? 'task';
  return label && masked.word(label.end) === ':' ? [{ action: 'create', type, score: 2.4 }] : [];
}

/** "and the second?", "Friday instead": what was spoken of, with nothing but a new value. */
export function followUpCandidates(features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  const { antecedent, masked, verbs } = features;
  if (!antecedent || verbs.length > 0) return [];
  const rest = masked
    .remaining(features.head)
    .replace(/[?!.,]/g, '')
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  const field = slots.date || slots.priority || slots.status || slots.people;
  if (field && features.pronoun && rest.length <= 6 && !features.question)
    return [{ action: 'update', type: antecedent.type, score: 2.3 }];
  if (field && rest.length <= 3 && !features.question) return [{ action: 'update', type: antecedent.type, score: 2.2 }];
  const second = features.lexicon.set(features.lexicon.data.second).all(masked.tokens)[0];
  return second && rest.length <= 4 && antecedent.listed.length > 1
    ? [{ action: 'get', type: antecedent.type, score: 2.1 }]
    : [];
}
