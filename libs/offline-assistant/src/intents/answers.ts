import { itemsFor, type AssistantContext, type Item } from '../entities/assistant-context';
import type { Antecedent, HistoryMessage } from '../entities/coreference';
import { linkEntity } from '../entities/entity-linking';
import { fillSlots } from '../slots/slot-filling';
import type { CompiledLexicon } from '../text/compiled-lexicon';
import { fold } from '../text/clean';
import { MaskedText } from '../text/masked-text';
import { tokenize, type Token } from '../text/tokens';
import type { Clause } from './parsed-clause';

/** What is known before the message is read. */
export interface Dialogue {
  readonly languages: readonly CompiledLexicon[];
  readonly context: AssistantContext;
  readonly first: Antecedent | undefined;
  readonly history: readonly HistoryMessage[];
}

const MAX_ANSWER = 14;
const MAX_TEXT = 500;
const MIN_SCORE = 3;

/**
 * An answer to the question that the assistant asked last: the name or the date that the command before it lacked ("What should it be called?"),
 * or which of several things was meant ("the second one"). Undefined where the message is a command of its own.
 */
export function answered(
  message: string,
  own: readonly Clause[],
  { languages, context, first, history }: Dialogue,
  inSteps: (text: string) => Clause[],
): Clause[] | undefined {
  const question = history.at(-1);
  const before = history.findLast(({ role }) => role === 'user');
  const tokens = tokenize(message);
  if (question?.role !== 'assistant' || !question.text.includes('?') || !before) return undefined;
  if (tokens.length > MAX_ANSWER || own.some(isCommand) || refuses(tokens, languages)) return undefined;
  const asked = inSteps(before.text.slice(0, MAX_TEXT));
  const clause = asked.at(-1);
  if (!clause?.command || asked.length > 1) return undefined;
  const { action, type } = clause.command;
  const request = fillSlots(new MaskedText(clause.text, clause.tokens, clause.lexicon), clause.command, context);
  if (action === 'create' && type !== 'comment') {
    if (request.title === undefined) return inSteps(`${before.text.trim().replace(/[.!:]+$/, '')}: ${message}`);
    const dated = own.some((one) => one.dated) && request.start === undefined;
    return dated ? inSteps(`${before.text.trim()}, ${message}`) : undefined;
  }
  if (request.target) return undefined;
  const item = chosen(tokens, question.text, itemsFor(context, type === 'comment' ? 'task' : type), languages);
  return item && [{ ...clause, antecedent: first, command: { ...clause.command, item } }];
}

function isCommand({ command }: Clause): boolean {
  return command !== undefined && command.guessed !== true && command.score >= MIN_SCORE && command.action !== 'list';
}

function refuses(tokens: readonly Token[], languages: readonly CompiledLexicon[]): boolean {
  return languages.some((lexicon) => lexicon.set(lexicon.data.smallTalk.no).at(tokens, 0) !== undefined);
}

/** By its place in the question, its id, or its name. */
function chosen(
  tokens: readonly Token[],
  question: string,
  items: readonly Item[],
  languages: readonly CompiledLexicon[],
): Item | undefined {
  const offered = offeredIn(question, items);
  if (offered.length < 2) return undefined;
  const names = tokens.filter(({ kind }) => kind === 'word' || kind === 'number' || kind === 'quote');
  const byName = linkEntity(names.map(({ text }) => text).join(' '), offered);
  if (byName.kind === 'one') return byName.item;
  const byId = offered.find(({ id }) => names.some(({ text }) => text.toLowerCase() === id.toLowerCase()));
  const place = placeIn(tokens, languages);
  return byId ?? (place === undefined ? undefined : offered.at(place));
}

/** The items whose names the question has, in its order. */
function offeredIn(question: string, items: readonly Item[]): Item[] {
  const folded = fold(question);
  return items
    .map((item) => ({ item, at: folded.indexOf(item.folded) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

function placeIn(tokens: readonly Token[], languages: readonly CompiledLexicon[]): number | undefined {
  const digit = tokens.find(({ kind, word }) => kind === 'number' && /^[1-9]\D*$/.test(word));
  if (digit) return Number.parseInt(digit.word, 10) - 1;
  for (const { data } of languages) {
    for (const { word } of tokens) {
      const ordinal =
        data.dates.ordinals[word] ?? Object.entries(data.dates.ordinals).find(([name]) => fold(name) === word)?.[1];
      if (ordinal !== undefined) return ordinal - 1;
      if (data.dates.last.split('|').some((last) => fold(last) === word)) return -1;
    }
  }
  return undefined;
}
