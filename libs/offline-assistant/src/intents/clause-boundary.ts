import type { AssistantContext } from '../entities/assistant-context';
import { keywords, mentionsIn } from '../entities/entity-linking';
import { subjectStart } from '../slots/people-slots';
import { fillSlots } from '../slots/slot-filling';
import { hasEnclitic } from '../text/enclitics';
import { MaskedText } from '../text/masked-text';
import { pronounsIn } from './clause-verbs';
import type { Candidate } from './command';
import type { ParsedClause } from './parsed-clause';
import { bareRequestAt } from './bare-requests';
import { isCooking } from './out-of-scope';

/** A place where a message may be cut into two commands. */
export interface Split {
  /** The end of the left part and the start of the right one, in characters. */
  readonly at: number;
  readonly next: number;
  /** "then" and line breaks part more readily than "and" and commas. */
  readonly strong: boolean;
}

/** Whether two texts side by side are two commands. */
export function areTwoCommands(
  left: ParsedClause,
  right: ParsedClause,
  split: Split,
  context: AssistantContext,
): boolean {
  const [one, other] = [left.command, right.command];
  if ([left.lexicon, right.lexicon].some((lexicon) => bareRequestAt(right.tokens, lexicon, 0))) return false;
  if (isTopic(left) || isSubject(left, right) || isNextStep(left, right)) return false;
  if (isOtherThing(left, right)) return true;
  // "… and the kitchen too"
  if (one?.action === 'update' && !other && right.about() !== undefined && isToo(right)) return true;
  if (!one && other && isPreface(left, right, other, split)) return true;
  if (!one || !other || /[:]\s*$/.test(left.text)) return false;
  if (right.lexicon !== left.lexicon && other.score < 4) return false;
  const sure = other.score >= 4 && other.guessed !== true && other.statement !== true;
  if (dictates(left, one) && !split.strong && !sure) return false;
  const coordinated = one.action === 'create' && other.action === 'create' && isSecond(left, right);
  if (!coordinated && other.guessed === true && !(split.strong && one.guessed === true) && other.statement !== true)
    return false;
  // "mark A as done and B as in progress": the second verb is left out.
  const elliptic =
    one.action === 'update' && other.statement === true && other.action === 'update' && namesFirst(right, context);
  if (!elliptic && !coordinated && other.score < (split.strong ? 2.3 : 3)) return false;
  const begins =
    other.final === true || other.verb === undefined || isNearHead(right, other.verb.start) || other.statement === true;
  if (one.action !== 'create' && other.action === 'create' && isLabel(right)) return false;
  if (beginsWithTitle(right) || (other.action === 'create' && isUntitled(right, other, context))) return false;
  if (other.action === 'create' && other.verb && isBare(right, other.verb.end)) return false;
  if (!begins || (other.atEnd === true && other.final !== true)) return false;
  const changes = one.action === 'create' && one.type !== 'comment' && other.action === 'update';
  if (changes && (refersBack(right) || namesNothing(right, other, context))) return false;
  if (
    one.atEnd !== true &&
    (one.statement === true || one.guessed === true) &&
    other.action !== 'create' &&
    refersBack(right) &&
    other.action === one.action
  )
    return false;
  if (other.action === 'create' && other.type !== 'comment' && other.verb && pointsBack(right, other.verb))
    return false;
  return true;
}

/** "Add two eggs and stir" */
function isNextStep({ command }: ParsedClause, { text, tokens, lexicon, about }: ParsedClause): boolean {
  const cooks = command?.action === 'create' && isCooking(text.slice(0, MAX_STEP));
  return cooks && lexicon.nouns.all(tokens).length === 0 && about() === undefined;
}

const MAX_STEP = 60;

/** "Add a task for Tom. They should …": who is to do what is created. */
function isSubject({ command }: ParsedClause, { tokens, lexicon }: ParsedClause): boolean {
  if (command?.action !== 'create' || command.type !== 'task') return false;
  const must = lexicon.set(lexicon.data.mustDo);
  return [0, 1].some((at) => must.at(tokens, at) !== undefined && subjectStart({ tokens, lexicon }, at) === 0);
}

/** "A to Monday, B to Friday": another known thing at its head, with something to be said of it. */
function isOtherThing(left: ParsedClause, right: ParsedClause): boolean {
  const [one, other] = [left.about(), right.about()];
  const writes = (command: Candidate | undefined): boolean =>
    command === undefined || command.action === 'update' || command.action === 'delete';
  if (!one || !other || one.item.id === other.item.id || !writes(left.command) || !writes(right.command)) return false;
  if (!(right.fielded || right.command !== undefined)) return false;
  const projects = one.type === 'project' || other.type === 'project';
  if (projects && (left.command?.type !== one.type || right.command?.type !== other.type)) return false;
  if (left.tokens.some(({ text }) => text === ':') || right.tokens.some(({ text }, at) => text === ':' && at < 4))
    return false;
  return Math.min(...other.at) <= MAX_BEFORE_THING && (left.command !== undefined || left.fielded);
}

/** "My note X, …": nothing but the name of a known thing and the noun for it says what the rest is about. */
function isTopic({ tokens, command, lexicon, about }: ParsedClause): boolean {
  const linked = command?.action === 'create' || command === undefined ? about() : undefined;
  if (!linked || tokens.length > MAX_TOPIC || tokens.some(({ text }) => text === ':')) return false;
  const { data } = lexicon;
  const small = [data.determiners, data.prepositions, data.fillers, data.entities[linked.type].one].map((one) =>
    lexicon.wordsOf(one),
  );
  return tokens.every(
    ({ kind, word }, at) => linked.at.has(at) || kind !== 'word' || small.some((set) => set.has(word)),
  );
}

const MAX_TOPIC = 8;
const MAX_BEFORE_THING = 6;

function isToo({ lexicon, tokens }: ParsedClause): boolean {
  return tokens.length <= 8 && lexicon.set(lexicon.data.too).all(tokens).length > 0;
}

/** "Sorry for my English. Add …", "the dentist moved me, change …": what comes first is no command, at most what is meant. */
function isPreface(left: ParsedClause, right: ParsedClause, other: Candidate, split: Split): boolean {
  if (left.tokens.some(({ text, kind }) => text === ':' || kind === 'quote')) return false;
  if (left.fielded && left.about() === undefined) return false;
  const near = other.verb !== undefined && isNearHead(right, other.verb.start);
  if (!near || other.guessed === true || other.atEnd === true || other.score < 3.3) return false;
  if (other.action === 'create' && (other.verb ? pointsBack(right, other.verb) : true)) return false;
  return split.strong || (other.action === 'update' && refersBack(right) && left.about() !== undefined);
}

/** "… and another task to …", "A by Friday and B by Sunday": the verb of the first holds for the second. */
function isSecond(left: ParsedClause, right: ParsedClause): boolean {
  if (right.command?.guessed === true && right.command.type !== 'event')
    return left.dated && right.dated && left.command?.type === 'task';
  const noun =
    right.lexicon.nouns.at(right.tokens, (right.command?.verb?.end ?? 1) - 1) ??
    right.lexicon.nouns.all(right.tokens)[0];
  if (!noun || noun.start > 3 || noun.value.many) return false;
  const before = right.tokens[noun.start - 1]?.word ?? '';
  const after = right.tokens[noun.end];
  return (
    /^(?:an?|one|ein|eine|einen|un|una|une|un'|another|second|new|weitere[nrs]?|noch|altr[oa]|autre|otra|otro|nuev[oa]|nuov[oa]|nouvelle|nouveau|neue[nrs]?)$/.test(
      before,
    ) ||
    after?.kind === 'quote' ||
    /^(?:to|called|named|:|due|for|zu|di|de|per|pour|para|d'|namens)$/.test(after?.word ?? '') ||
    /^\p{Lu}/u.test(after?.text ?? '')
  );
}

/** "delete note A and task B": a noun without a verb continues the command before it. */
function isLabel({ tokens, lexicon, command }: ParsedClause): boolean {
  if (tokens.some(({ text }) => text === ':')) return false;
  return (
    command?.meaning === undefined ||
    (command.verb !== undefined &&
      command.verb.end - command.verb.start === 1 &&
      lexicon.nouns.at(tokens, command.verb.start) !== undefined)
  );
}

/** Nothing but courtesy and a pronoun follows the verb: "…, please add it". */
function isBare({ tokens, lexicon }: ParsedClause, from: number): boolean {
  let at = from;
  while (at < tokens.length) {
    const small = lexicon.set(lexicon.data.fillers).at(tokens, at) ?? lexicon.set(lexicon.data.pronouns).at(tokens, at);
    if (!small && tokens[at]?.kind === 'word') return false;
    if (!small && tokens[at]?.kind !== 'mark' && tokens[at]?.kind !== 'break') return false;
    at = small?.end ?? at + 1;
  }
  return true;
}

/** "Assign to Ann." behind a command that creates: a field of what is created. */
function namesNothing({ text, tokens, lexicon }: ParsedClause, command: Candidate, context: AssistantContext): boolean {
  const { target, reference = '' } = fillSlots(new MaskedText(text, tokens, lexicon), command, context);
  return target === undefined && keywords(reference).length === 0;
}

/** "…, add it to my tasks", "ponlo como tarea": the object is what was spoken of. */
function pointsBack(clause: ParsedClause, verb: { readonly start: number; readonly end: number }): boolean {
  const word = clause.tokens[verb.start]?.word ?? '';
  return (
    pronounAt(clause, verb.end) ||
    hasEnclitic(clause.lexicon, word) ||
    /^(?:l'|lo|la|le)$/.test(clause.tokens[verb.start - 1]?.word ?? '')
  );
}

/** "…, call it Zeus" names what the left part creates. */
function beginsWithTitle({ tokens, lexicon }: ParsedClause): boolean {
  const label = lexicon.set(lexicon.data.labels.title).at(tokens, 0);
  return label !== undefined && tokens[label.end]?.text !== ':';
}

/** "…, add a task please" brings nothing new. */
function isUntitled({ text, tokens, lexicon }: ParsedClause, command: Candidate, context: AssistantContext): boolean {
  if (command.type === 'comment' || command.type === 'email') return false;
  return fillSlots(new MaskedText(text, tokens, lexicon), command, context).title === undefined;
}

/** A known name stands at its head. */
function namesFirst({ tokens }: ParsedClause, context: AssistantContext): boolean {
  return mentionsIn(tokens.slice(0, 6), context).some(({ start }) => start <= 1);
}

function refersBack({ tokens, lexicon, command }: ParsedClause): boolean {
  const from = command?.verb?.start ?? 0;
  return (
    pronounsIn(lexicon, tokens, from, Math.min(tokens.length, from + 5)).length > 0 ||
    lexicon.data.enclitics
      .split('|')
      .some(
        (ending) =>
          ending !== '' &&
          (tokens[from]?.word.endsWith(ending) ?? false) &&
          !lexicon.verbs.has(tokens[from]?.word ?? ''),
      )
  );
}

function pronounAt({ tokens, lexicon }: ParsedClause, at: number): boolean {
  return pronounsIn(lexicon, tokens, at, at + 3).some(({ start }) => start === at);
}

function isNearHead({ tokens, lexicon }: ParsedClause, start: number): boolean {
  const fillers = lexicon.set(lexicon.data.fillers);
  const then = lexicon.set(lexicon.data.then);
  let at = 0;
  while (at < start) {
    const filler = fillers.at(tokens, at) ?? then.at(tokens, at);
    if (!filler && tokens[at]?.kind === 'word')
      return start - at <= 4 && tokens.slice(at, start).some(({ kind }) => kind === 'mark') === false && start <= 6;
    at = filler?.end ?? at + 1;
  }
  return true;
}

/** What is dictated behind a colon is content, whatever it says. */
function dictates({ tokens }: ParsedClause, command: Candidate): boolean {
  if (command.type !== 'note' && command.type !== 'comment' && command.type !== 'email') return false;
  if (command.action !== 'create' && command.action !== 'update' && command.action !== 'draft') return false;
  if (tokens.some(({ kind }) => kind === 'quote')) return false;
  return tokens.some(({ text }) => text === ':') || command.meaning === 'jot' || command.type === 'comment';
}
