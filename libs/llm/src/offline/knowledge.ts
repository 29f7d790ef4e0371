import type { Exchange } from './confirmation';
import { itemsFor, NAMEABLE, type Context, type Item } from './context';
import { Draft, fold, WINDOW } from './draft';
import type { Thing } from './nouns';
import { matchItem, tellingWords } from './target';

/** What was last spoken of, so that "it" means something. */
export interface Told {
  readonly thing: Thing;
  readonly name: string;
  readonly item?: Item;
}

/** What the names of a clause belong to, asked only when its words do not say. */
export interface Knowledge {
  /** The thing whose full name stands in the clause; the longest name wins. */
  readonly named: () => Thing | undefined;
  /** The thing whose name shares most of the given words. */
  readonly alike: (words: string) => Thing | undefined;
  readonly told: Told | undefined;
}

const OWN_WORDS = /\b(task|checkpoint|project|note|event) ["'“]([^"'”\n]{1,200})["'”]/;

export function knowledgeOf(text: string, context: Context, told: Told | undefined): Knowledge {
  const draft = new Draft(text.slice(0, WINDOW));
  return {
    named: () => mentioned(draft, context)?.thing,
    alike: (words) =>
      NAMEABLE.find((thing) => tellingWords(words) !== '' && matchItem(words, itemsFor(context, thing)).kind === 'one'),
    told,
  };
}

/** The thing that the assistant's last answer named, else the user's last words. */
export function toldIn(history: readonly Exchange[], context: Context): Told | undefined {
  for (const exchange of history.slice(-2).reverse()) {
    const text = exchange.text.slice(0, WINDOW);
    const found = mentioned(new Draft(text), context);
    if (found) return { thing: found.thing, name: found.item.name, item: found.item };
    const own = exchange.role === 'assistant' ? OWN_WORDS.exec(text) : null;
    const thing = NAMEABLE.find((name) => name === own?.[1]);
    if (thing && own?.[2]) return { thing, name: own[2] };
  }
  return undefined;
}

function mentioned(draft: Draft, context: Context): { thing: Thing; item: Item } | undefined {
  const all = NAMEABLE.flatMap((thing) => itemsFor(context, thing).map((item) => ({ thing, item })));
  const found = all.filter(({ item }) => item.folded.length > 2 && draft.find(fold(item.name).trim()) !== undefined);
  return found.sort((one, other) => other.item.folded.length - one.item.folded.length)[0];
}
