import type { EntityType } from '../lexicon/lexicon';
import { fold } from '../text/clean';
import { lexiconOf } from '../text/compiled-lexicon';
import { LANGUAGES } from '../lexicon/lexicon';
import { tokenize } from '../text/tokens';
import { itemsFor, type AssistantContext, type Item } from './assistant-context';
import { mentionsIn } from './entity-linking';
import { NAMEABLE } from './entity-definitions';

export interface HistoryMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** What was last spoken of, so that "it" means something. */
export interface Antecedent {
  readonly type: EntityType;
  readonly name: string;
  readonly item?: Item;
  /** The names that the last answer listed, for "the second". */
  readonly listed: readonly string[];
}

const WINDOW = 2_000;
const MAX_BACK = 4;

/** The thing that the assistant's last answer named, else the last words before it. */
export function antecedentIn(history: readonly HistoryMessage[], context: AssistantContext): Antecedent | undefined {
  const last = history.findLast(({ role }) => role === 'assistant');
  const lines = listedIn(last?.text.slice(0, WINDOW) ?? '');
  const listed = lines.length > 1 ? lines : namedIn(last?.text.slice(0, WINDOW) ?? '', context);
  for (const { text } of history.slice(-MAX_BACK).reverse()) {
    const window = text.slice(0, WINDOW);
    const tokens = tokenize(window);
    const mentions = mentionsIn(tokens, context);
    // "…, in the project Atlas" says where, not what.
    const mention = mentions.findLast(({ type: one }) => one !== 'project') ?? mentions.at(-1);
    if (mention) return { type: mention.type, name: mention.item.name, item: mention.item, listed };
    const quoted = tokens.findLast(({ kind }) => kind === 'quote');
    if (quoted) return { ...named(quoted.text, typeIn(tokens) ?? 'task', context), listed };
  }
  const type = listed.length > 0 ? typeIn(tokenize(last?.text.slice(0, WINDOW) ?? '')) : undefined;
  return type && listed[0] !== undefined ? { ...named(listed[0], type, context), listed } : undefined;
}

/** The listed thing at a position that counts from 0. */
export function listedItem(antecedent: Antecedent, position: number, context: AssistantContext): Item | undefined {
  const name = antecedent.listed[position];
  return name === undefined ? undefined : named(name, antecedent.type, context).item;
}

function named(
  name: string,
  type: EntityType,
  context: AssistantContext,
): { type: EntityType; name: string; item?: Item } {
  const folded = fold(name).trim();
  for (const one of [type, ...NAMEABLE]) {
    const item = itemsFor(context, one).find((candidate) => candidate.folded === folded);
    if (item) return { type: one, name, item };
  }
  return { type, name };
}

function typeIn(tokens: ReturnType<typeof tokenize>): EntityType | undefined {
  for (const language of LANGUAGES) {
    const [noun] = lexiconOf(language).nouns.all(tokens);
    if (noun) return noun.value.type;
  }
  return undefined;
}

/** The known names of a text in its order. */
function namedIn(text: string, context: AssistantContext): string[] {
  const found = mentionsIn(tokenize(text), context).filter(({ type }) => type !== 'project');
  return [...new Set(found.map(({ item }) => item.name))];
}

function listedIn(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const item = /^\s*(?:[-*•]|\d{1,2}[.)])\s+(.{1,200})/.exec(line)?.[1];
    return item === undefined
      ? []
      : [(item.split(/,\s|\s[-–(]\s?/, 1)[0] ?? item).replace(/^["'“„«]|["'”“»]$/g, '').trim()];
  });
}
