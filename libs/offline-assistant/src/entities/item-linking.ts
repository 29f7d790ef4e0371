import type { EntityType } from '../lexicon/lexicon';
import type { MaskedText } from '../text/masked-text';
import { itemsFor, type AssistantContext, type Item } from './assistant-context';
import { NAMEABLE } from './entity-definitions';
import { alike, keywords, type Mention } from './entity-linking';

/** The one known thing that words of a clause point at, and the tokens that do. */
export interface LinkedItem {
  readonly type: EntityType;
  readonly item: Item;
  readonly at: ReadonlySet<number>;
}

const MIN_SHARE = 0.3;
const MIN_WORD = 4;
const MAX_TOKENS = 60;
const MAX_ITEMS = 300;

/** By its full name, else by the words that no other thing has; undefined where two fit equally well. */
export function linkedItem(
  masked: MaskedText,
  context: AssistantContext,
  mentions: readonly Mention[],
  types: readonly EntityType[] = NAMEABLE,
): LinkedItem | undefined {
  const named = mentions.filter(({ type }) => types.includes(type));
  const mention = named.find(({ type }) => type !== 'project') ?? named[0];
  if (mention) {
    const at = new Set(Array.from({ length: mention.end - mention.start }, (_, offset) => mention.start + offset));
    return mention.twins.length > 1 ? undefined : { type: mention.type, item: mention.item, at };
  }
  const words = masked.tokens
    .slice(0, MAX_TOKENS)
    .flatMap(({ kind, word }, at) => (kind === 'word' ? [{ at, word: word.replace(/'s$/, '') }] : []))
    .filter(({ word }) => word.length >= MIN_WORD && keywords(word).length > 0);
  let best: { readonly found: LinkedItem; readonly score: number } | undefined;
  let equal = false;
  for (const type of types)
    for (const item of itemsFor(context, type).slice(0, MAX_ITEMS)) {
      const name = keywords(item.folded);
      const at = new Set(words.filter(({ word }) => name.some((other) => isPart(word, other))).map((one) => one.at));
      const share = name.filter((other) => words.some(({ word }) => isPart(word, other))).length / name.length;
      const score = at.size + share;
      if (at.size === 0 || share < MIN_SHARE || score < (best?.score ?? 0)) continue;
      equal = score === best?.score && best.found.item.id !== item.id;
      best = { found: { type, item, at }, score };
    }
  return equal ? undefined : best?.found;
}

/** Equal but for its ending, or the first part of a compound ("Fensterputzen" has "Fenster"). */
function isPart(word: string, name: string): boolean {
  return alike(word, name) || (name.length >= MIN_WORD && word.length > name.length && word.startsWith(name));
}
