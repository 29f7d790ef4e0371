import { itemsFor, type AssistantContext, type Item } from '../entities/assistant-context';
import { antecedentIn, type Antecedent, type HistoryMessage } from '../entities/coreference';
import { linkEntity, mentionsIn } from '../entities/entity-linking';
import { fillSlots } from '../slots/slot-filling';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { languagesOf } from '../text/language';
import { MaskedText } from '../text/masked-text';
import { tokenize } from '../text/tokens';
import { areTwoCommands } from './clause-boundary';
import { parseClause } from './intent-parser';
import { answered } from './answers';
import type { Clause, ParsedClause } from './parsed-clause';
import { distributedItems } from './distributed-items';
import { withCommand, withLaterFields, withNoun, withVerb, carriedVerb } from './elliptic-clauses';
import { listItems } from './list-items';
import { numberedItems, sharedTail } from './several-items';
import { splitsIn } from './splits';

/** How much of a message is read as commands; what follows is only ever content. Keeps the work bounded. */
export const WINDOW = 2_000;
const MAX_CLAUSES = 8;
const RIGHT_WINDOW = 500;

/** "1. " or "- " in front of a command in a list. */
const NUMBERED = /^\s*(?:\d{1,2}[.)]|[-*•])\s+/;

/** The commands of a message in their order. What does not begin a new command belongs to the one before. */
export function splitClauses(message: string, context: AssistantContext, history: readonly HistoryMessage[]): Clause[] {
  const window = message.slice(0, WINDOW);
  const tokens = tokenize(window);
  const languages = languagesOf(
    tokens,
    context.language,
    history.slice(-2).map(({ text }) => text),
  );
  const first = antecedentIn(history, context);
  const [lexicon] = languages;
  const shared = lexicon && sharedTail(window, tokens, lexicon);
  const whole = shared ? inSteps(shared.head, languages, context, first) : [];
  // "both for Saturday" needs two things.
  const clauses =
    shared && whole.filter(({ command }) => command !== undefined).length > 1
      ? whole.map((clause) => withTail(clause, shared.tail))
      : inSteps(window, languages, context, first);
  const steps = (text: string): Clause[] => inSteps(text, languages, context, undefined);
  return (
    answered(window, clauses, { languages, context, first, history }, steps) ?? repeated(clauses, context, history)
  );
}

function withTail(clause: Clause, tail: string): Clause {
  const text = `${clause.text.replace(/[.!\s]+$/, '')}, ${tail}`;
  return { ...clause, text, tokens: tokenize(text) };
}

/** "… and the kitchen too", "the bathroom one too" behind an earlier command: that command again, for another thing. */
function repeated(clauses: readonly Clause[], context: AssistantContext, history: readonly HistoryMessage[]): Clause[] {
  let before = clauses.find(({ command }) => command?.action === 'update');
  return clauses.map((clause, index) => {
    const { lexicon, tokens, command } = clause;
    const item = command ? undefined : clause.about();
    if (!item || lexicon.set(lexicon.data.too).all(tokens).length === 0) {
      before = command?.action === 'update' ? clause : before;
      return clause;
    }
    const last = history.findLast(({ role }) => role === 'user');
    const model =
      before ??
      (index === 0 && last ? inSteps(last.text.slice(0, WINDOW), [lexicon], context, undefined).at(-1) : undefined);
    if (model?.command?.action !== 'update' || model.command.type !== item.type) return clause;
    const { status, score } = model.command;
    const again = { action: 'update' as const, type: item.type, item: item.item, score, ...(status ? { status } : {}) };
    return { ...clause, command: again, shared: model };
  });
}

/** A list in one line is cut at its numbers, anything else where a new command begins. */
function inSteps(
  window: string,
  languages: readonly CompiledLexicon[],
  context: AssistantContext,
  first: Antecedent | undefined,
): Clause[] {
  const list = numberedItems(window);
  if (!list) return distributed(window, languages, context, first) ?? inClauses(window, languages, context, first);
  const shared = parseClause(list.header, languages, context, first);
  const header = shared.command?.action === 'create' ? shared.command : undefined;
  const noun = shared.lexicon.nouns.all(shared.tokens)[0]?.value.type;
  const type = header?.type ?? (noun === 'project' || noun === 'checkpoint' || noun === 'note' ? noun : 'task');
  return list.items.flatMap((text) => {
    const clauses = inClauses(text, languages, context, first);
    const own = clauses.some(({ command }) => command && command.guessed !== true && command.score >= 3);
    if (own || (!header && noun === undefined)) return clauses;
    const parsed = parseClause(text, languages, context, first);
    const command = { action: 'create' as const, type, score: 3.4 };
    return [{ ...parsed, command, antecedent: undefined, shared: { ...shared, command: header ?? command } }];
  });
}

/** "A, B and C, each as a task for Friday" */
function distributed(
  window: string,
  languages: readonly CompiledLexicon[],
  context: AssistantContext,
  first: Antecedent | undefined,
): Clause[] | undefined {
  const [lexicon] = languages;
  const found = lexicon && distributedItems(window, tokenize(window), lexicon, context);
  if (!found) return undefined;
  const command = { action: 'create' as const, type: found.type, score: 4 };
  const shared = { ...parseClause(found.tail, languages, context, first), command };
  return found.items
    .slice(0, MAX_CLAUSES)
    .map((text) => ({ ...parseClause(text, languages, context, first), command, antecedent: undefined, shared }));
}

function inClauses(
  window: string,
  languages: readonly CompiledLexicon[],
  context: AssistantContext,
  first: Antecedent | undefined,
): Clause[] {
  const tokens = tokenize(window);
  const clauses: Clause[] = [];
  let antecedent = first;
  let place: Item | undefined;
  let start = 0;
  let noun: ParsedClause | undefined;
  const parse = (text: string, about: Antecedent | undefined): ParsedClause =>
    parseClause(text.replace(NUMBERED, ''), languages, context, about);
  const splits = [
    ...splitsIn(window, tokens, languages[0], context),
    { at: window.length, next: window.length, strong: true },
  ];
  for (const [index, split] of splits.entries()) {
    const own = window.slice(start, split.at);
    const left = whole(own, noun, (part) => parse(part, antecedent));
    const last = split.at === window.length;
    const about = antecedentOf(left, context) ?? antecedent;
    const behind = window.slice(split.next, split.next + RIGHT_WINDOW);
    const next = window.slice(split.next, splits[index + 1]?.at);
    const full = last ? undefined : withNoun(behind, left);
    const plain = last ? undefined : parse(full ?? behind, about);
    const carried =
      plain && full === undefined ? carriedVerb([behind, next], left, (part) => parse(part, about)) : undefined;
    const right = carried === undefined ? plain : parse(carried, about);
    if (!last && !(right && (full !== undefined || areTwoCommands(left, right, split, context)))) continue;
    if (clauses.length >= MAX_CLAUSES) break;
    clauses.push(...expand(withCommand({ ...left, antecedent, place }, clauses.at(-1)), parse));
    place = mentionsIn(left.tokens, context).find(({ type }) => type === 'project')?.item ?? place;
    antecedent = about;
    start = split.next;
    noun = full === undefined && carried === undefined ? undefined : left;
  }
  return withLaterFields(clauses, context);
}

/** A clause with the noun or the verb that it shares with the one before. */
function whole(text: string, before: ParsedClause | undefined, parse: (text: string) => ParsedClause): ParsedClause {
  const full = before && withNoun(text, before);
  if (full !== undefined) return parse(full);
  const plain = parse(text);
  const carried = before && withVerb(text, plain, before);
  return carried === undefined ? plain : parse(carried);
}

/** What the next clause may mean by "it". */
function antecedentOf(clause: ParsedClause, context: AssistantContext): Antecedent | undefined {
  const { command } = clause;
  const about = command ? undefined : clause.about();
  if (about) return { type: about.type, name: about.item.name, item: about.item, listed: [] };
  if (!command || (command.action === 'list' && command.type !== 'comment') || command.action === 'today')
    return undefined;
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
    fielded: false,
    negated: false,
    about: () => undefined,
    antecedent: undefined,
    command: { action: 'create' as const, type: command.type, score: command.score },
    shared,
  }));
}
