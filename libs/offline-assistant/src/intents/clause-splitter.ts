import { itemsFor, type AssistantContext } from '../entities/assistant-context';
import { antecedentIn, type Antecedent, type HistoryMessage } from '../entities/coreference';
import { keywords, linkEntity, mentionsIn } from '../entities/entity-linking';
import { fillSlots } from '../slots/slot-filling';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { hasEnclitic } from '../text/enclitics';
import { languagesOf } from '../text/language';
import { MaskedText } from '../text/masked-text';
import { tokenize, type Token } from '../text/tokens';
import type { Candidate } from './command';
import { pronounsIn } from './clause-features';
import { parseClause, type ParsedClause } from './intent-parser';
import { listItems } from './list-items';

/** How much of a message is read as commands; what follows is only ever content. Keeps the work bounded. */
export const WINDOW = 2_000;
const MAX_CLAUSES = 8;
const MAX_SPLITS = 14;
const RIGHT_WINDOW = 500;

/** One thing that a message asks for. */
export interface Clause extends ParsedClause {
  readonly antecedent: Antecedent | undefined;
  /** The part of a list's first line that holds for every item ("add these tasks to Atlas: …"). */
  readonly shared?: ParsedClause;
}

/** "1. " or "- " in front of a command in a list. */
const NUMBERED = /^\s*(?:\d{1,2}[.)]|[-*•])\s+/;

interface Split {
  /** The end of the left part and the start of the right one, in characters. */
  readonly at: number;
  readonly next: number;
  /** "then" and line breaks part more readily than "and" and commas. */
  readonly strong: boolean;
}

/** The commands of a message in their order. What does not begin a new command belongs to the one before. */
export function splitClauses(message: string, context: AssistantContext, history: readonly HistoryMessage[]): Clause[] {
  const window = message.slice(0, WINDOW);
  const tokens = tokenize(window);
  const languages = languagesOf(tokens, context.language);
  const first = antecedentIn(history, context);
  const clauses: Clause[] = [];
  let antecedent = first;
  let start = 0;
  const parse = (text: string, about: Antecedent | undefined): ParsedClause =>
    parseClause(text.replace(NUMBERED, ''), languages, context, about);
  const splits = [...splitsIn(tokens, languages[0]), { at: window.length, next: window.length, strong: true }];
  for (const split of splits) {
    const left = parse(window.slice(start, split.at), antecedent);
    const last = split.at === window.length;
    const about = antecedentOf(left, context) ?? antecedent;
    const right = last ? undefined : parse(window.slice(split.next, split.next + RIGHT_WINDOW), about);
    if (!last && !(right && parts(left, right, split, context))) continue;
    if (clauses.length >= MAX_CLAUSES) break;
    clauses.push(...expand({ ...left, antecedent }, parse));
    antecedent = about;
    start = split.next;
  }
  return clauses;
}

/** Whether two texts side by side are two commands. */
function parts(left: ParsedClause, right: ParsedClause, split: Split, context: AssistantContext): boolean {
  const [one, other] = [left.command, right.command];
  if (!one || !other || /[:]\s*$/.test(left.text)) return false;
  if (dictates(left, one) && !split.strong) return false;
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
  if (other.action === 'create' && other.verb && pointsBack(right, other.verb)) return false;
  return true;
}

/** "… and another task to …", "A by Friday and B by Sunday": the verb of the first holds for the second. */
function isSecond(left: ParsedClause, right: ParsedClause): boolean {
  if (right.command?.guessed === true) return left.dated && right.dated && left.command?.type === 'task';
  const noun =
    right.lexicon.nouns.at(right.tokens, (right.command?.verb?.end ?? 1) - 1) ??
    right.lexicon.nouns.all(right.tokens)[0];
  if (!noun || noun.start > 3 || noun.value.many) return false;
  const before = right.tokens[noun.start - 1]?.word ?? '';
  const after = right.tokens[noun.end];
  return (
    /^(?:another|second|new|weitere[nrs]?|noch|altr[oa]|autre|otra|otro|nuev[oa]|nuov[oa]|nouvelle|nouveau|neue[nrs]?)$/.test(
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

/** What the next clause may mean by "it". */
function antecedentOf(clause: ParsedClause, context: AssistantContext): Antecedent | undefined {
  const { command } = clause;
  if (!command || command.action === 'list' || command.action === 'today') return undefined;
  const type = command.type === 'comment' ? 'task' : command.type;
  const mention = mentionsIn(clause.tokens, context).find((one) => one.type === type);
  if (mention) return { type, name: mention.item.name, item: mention.item, listed: [] };
  const id = clause.tokens.find(({ kind }) => kind === 'id');
  if (id) return { type, name: id.text, item: { id: id.text, name: id.text, folded: id.word, row: {} }, listed: [] };
  if (command.action === 'create' && command.type !== 'comment') return undefined;
  const masked = new MaskedText(clause.text, clause.tokens, clause.lexicon);
  const { reference = '' } = fillSlots(masked, command, context);
  const match = linkEntity(reference, itemsFor(context, type));
  return { type, name: reference, listed: [], ...(match.kind === 'one' ? { item: match.item } : {}) };
}

/** "Add tasks: buy milk, call Anna and pay rent" names three. */
function expand(clause: Clause, parse: (text: string, about: Antecedent | undefined) => ParsedClause): Clause[] {
  const { command, lexicon } = clause;
  if (
    command?.action !== 'create' ||
    (command.type !== 'task' && command.type !== 'checkpoint' && command.type !== 'project')
  )
    return [clause];
  const list = listItems(clause.text, clause.tokens, lexicon, command);
  if (!list) return [clause];
  const shared = parse(list.header, undefined);
  return list.items.slice(0, MAX_CLAUSES + 2).map((text) => ({
    text,
    tokens: tokenize(text),
    lexicon,
    dated: false,
    negated: false,
    antecedent: undefined,
    command: { action: 'create' as const, type: command.type, score: command.score },
    shared,
  }));
}

function splitsIn(tokens: readonly Token[], lexicon: CompiledLexicon | undefined): Split[] {
  if (!lexicon) return [];
  const then = lexicon.set(lexicon.data.then);
  const and = lexicon.set(lexicon.data.and);
  const splits: Split[] = [];
  for (let at = 1; at < tokens.length - 1 && splits.length < MAX_SPLITS; at += 1) {
    const token = tokens[at];
    if (!token) continue;
    const mark =
      token.kind === 'mark' &&
      /^[,;.!?]$/.test(token.text) &&
      (token.text !== '.' || (tokens[at + 1]?.start ?? 0) > token.end);
    const item = token.kind === 'number' && /^\d{1,2}$/.test(token.word) && tokens[at + 1]?.text === ')';
    const ends = mark || token.kind === 'break' || item;
    const joint = ends ? undefined : (then.at(tokens, at) ?? and.at(tokens, at));
    if (!ends && !joint) continue;
    let next = ends ? at + (item ? 2 : 1) : (joint?.end ?? at + 1);
    let strong =
      item ||
      token.kind === 'break' ||
      (mark && /^[;.!?]$/.test(token.text)) ||
      (joint !== undefined && then.at(tokens, at) !== undefined);
    for (let round = 0; round < 3; round += 1) {
      const more = then.at(tokens, next) ?? and.at(tokens, next);
      if (!more) break;
      strong = strong || then.at(tokens, next) !== undefined;
      next = more.end;
    }
    const first = tokens[next];
    if (!first) break;
    splits.push({ at: token.start, next: first.start, strong });
    at = next - 1;
  }
  return splits;
}
