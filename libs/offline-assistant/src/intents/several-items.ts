import type { CompiledLexicon } from '../text/compiled-lexicon';
import type { Token } from '../text/tokens';
import type { ListOfItems } from './list-items';

const MAX_ITEMS = 9;
const NUMBER = /(?:^|[\s:,;])(\d)[.)]\s+(?=\S)/g;

/** Items that count up from 1; anything else with digits is no list. */
export function numberedItems(text: string): ListOfItems | undefined {
  const starts: { readonly at: number; readonly end: number }[] = [];
  for (const match of text.matchAll(NUMBER)) {
    if (Number(match[1]) !== starts.length + 1 || starts.length >= MAX_ITEMS) continue;
    starts.push({ at: match.index, end: match.index + match[0].length });
  }
  if (starts.length < 2) return undefined;
  const items = starts.map(({ end }, index) => text.slice(end, starts[index + 1]?.at ?? text.length));
  return { header: text.slice(0, starts[0]?.at ?? 0), items: items.map((item) => item.replace(/[\s,;]+$/, '').trim()) };
}

/** "…, both for Saturday": what follows holds for every step, so that each gets it. */
export function sharedTail(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
): { readonly head: string; readonly tail: string } | undefined {
  const both = lexicon.set(lexicon.data.both);
  for (let at = tokens.length - 2; at > 2; at -= 1) {
    const mark = tokens[at - 1];
    const found = mark?.kind === 'mark' || mark?.kind === 'break' ? both.at(tokens, at) : undefined;
    const first = found && tokens[found.end];
    if (!mark || !first || tokens.length - at > 10 || first.kind === 'mark') continue;
    return { head: text.slice(0, mark.start), tail: text.slice(first.start).replace(/[.!\s]+$/, '') };
  }
  return undefined;
}
