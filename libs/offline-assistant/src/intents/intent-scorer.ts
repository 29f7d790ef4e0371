import type { Action } from '../entities/entity-definitions';
import type { EntityType } from '../lexicon/lexicon';
import type { ClauseFeatures } from './clause-features';
import type { VerbHit } from './clause-verbs';
import type { Candidate, Command } from './command';
import { creations, drafts, jots, needs, reminders, schedules } from './create-intents';
import { questionCandidates } from './question-scorer';
import { isOutOfScope, isRecipe } from './out-of-scope';
import type { SlotEvidence } from './slot-evidence';
import { commentCandidates, indefiniteCandidates } from './noun-scorer';
import { knownThingCandidates } from './known-thing-scorer';
import { residueCandidates } from './residue-scorer';
import { statementCandidates } from './statement-scorer';
import { completions, updates } from './update-intents';
import { entityOf, isAboutNothing } from './verb-entities';
import {
  choreCandidates,
  followUpCandidates,
  idCandidates,
  isInfinitive,
  labelCandidates,
  placedCandidates,
  titleCandidates,
} from './verbless-scorer';

const MIN_SCORE = 2;
/** Every reading of a clause, best first. The scores add up what speaks for a reading; ties keep their order. */
export function scoreIntents(features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  // "Not Mark, Ines does the slides" denies only who.
  if (features.negated)
    return residueCandidates(features, slots).filter(({ people }) => slots.people || people !== undefined);
  if (isOutOfScope(features.masked) && features.mentions.length === 0 && !features.nouns.some(({ aside }) => !aside))
    return [];
  if (isPlainStep(features, slots)) return [];
  const candidates = [
    ...features.verbs.flatMap((hit) => verbCandidates(hit, features, slots)),
    ...statementCandidates(features, slots),
    ...residueCandidates(features, slots),
    ...knownThingCandidates(features),
    ...commentCandidates(features),
    ...indefiniteCandidates(features),
    ...questionCandidates(features),
    ...labelCandidates(features, slots),
    ...idCandidates(features, slots),
    ...placedCandidates(features, slots),
    ...choreCandidates(features, slots),
    ...followUpCandidates(features, slots),
    ...titleCandidates(features),
  ];
  return candidates.filter(({ score }) => score >= MIN_SCORE).sort((one, other) => other.score - one.score);
}

/** A step of a recipe, where no list, date or name makes a task of it. */
function isPlainStep(
  { masked, nouns, mentions, toTaskList, toCalendar, verbs }: ClauseFeatures,
  slots: SlotEvidence,
): boolean {
  const verb = verbs.find(({ weight }) => weight >= 3);
  const field = slots.date || slots.priority || slots.people || slots.status;
  const known = nouns.length > 0 || mentions.length > 0 || toTaskList !== undefined || toCalendar !== undefined;
  if (field || known || masked.quote() !== undefined || masked.text.includes(':')) return false;
  return (verb?.verb === 'create' || verb?.verb === 'put') && isRecipe(masked);
}

const CHORES: ReadonlySet<string> = new Set([
  'update',
  'move',
  'complete',
  'put',
  'draft',
  'schedule',
  'assign',
  'start',
]);

function verbCandidates(hit: VerbHit, features: ClauseFeatures, slots: SlotEvidence): Candidate[] {
  const at = {
    verb: { start: hit.start, end: hit.end },
    atEnd: hit.atEnd,
    final: hit.final,
    meaning: hit.verb,
    ...(hit.apart ? { particle: hit.apart } : {}),
  };
  const make = (action: Action, type: EntityType, score: number, more: Partial<Command> = {}): Candidate => ({
    action,
    type,
    ...at,
    ...more,
    score: hit.weight + score,
  });
  const about = (fallback: EntityType, bonus = 0): EntityType => entityOf(hit, features, fallback, bonus);
  // "Steuer machen, dringend": an infinitive about nothing known is something to do.
  if (hit.final && CHORES.has(hit.verb) && (slots.date || slots.priority) && isAboutNothing(hit, features, false))
    return [{ action: 'create', type: 'task', score: hit.weight + 0.6, guessed: true }];
  switch (hit.verb) {
    case 'create':
      return creations(hit, features, slots, make);
    case 'need':
      return needs(hit, features, slots, make);
    case 'remind':
      return reminders(hit, features, make);
    case 'jot':
      return jots(hit, features, make);
    case 'schedule':
      return schedules(hit, features, slots, make);
    case 'draft':
    case 'reply':
      return drafts(hit, features, make);
    case 'comment':
      return [make('create', 'comment', 1.5)];
    case 'delete':
      if (!isPutOnList(hit, features)) return [make('delete', about('task'), 0.8)];
      // "… et vider le lave-vaisselle à mes tâches": what is to be done.
      return isInfinitive(features, hit.start)
        ? [{ action: 'create', type: 'task', score: hit.weight + 1.6 }]
        : [make('create', 'task', 1.6)];
    case 'complete':
      return completions(hit, features, slots, make);
    case 'start':
      return isAboutNothing(hit, features, false) ? [] : [make('update', 'task', 0.4, { status: 'in_progress' })];
    case 'reopen':
      return about('task') === 'project'
        ? [make('update', 'project', 0.5, { status: 'active' })]
        : [make('update', 'task', 0.5, { status: 'todo' })];
    case 'archive':
      return [make('update', 'project', 0.8, { status: 'archived' })];
    case 'restore':
      return [make('update', 'project', 0.8, { status: 'active' })];
    case 'approve':
    case 'reject':
      return [
        make('update', about('task') === 'checkpoint' ? 'checkpoint' : 'task', 0.4, {
          approved: hit.verb === 'approve',
        }),
      ];
    case 'append':
      return [make('update', 'note', 0.6)];
    case 'put':
    case 'update':
    case 'move':
    case 'rename':
    case 'assign':
    case 'raise':
    case 'lower':
      return updates(hit, features, slots, make);
    case 'list':
    case 'get':
    case 'count':
    case 'summarise':
      return [];
  }
}

/** "drop 'book MOT' on my list" takes nothing away. */
function isPutOnList(hit: VerbHit, { toTaskList, masked }: ClauseFeatures): boolean {
  if (
    !toTaskList ||
    !/^(?:to|on|onto|in|auf|zu|sur|dans|en|a|aux|nella|nelle|alla|alle|ai|sulla|tra|entre)$/.test(
      masked.word(toTaskList.start),
    )
  )
    return false;
  return masked.remaining(hit.end, toTaskList.start).replace(/\W/g, '') !== '';
}
