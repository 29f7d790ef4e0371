import type { Command } from './command';
import { itemsFor, type Context, type Item } from './context';
import type { Draft } from './draft';
import { fold } from './draft';

/** What a reference means among known items: one, none, or several that fit equally well. */
export type Match =
  | { readonly kind: 'one'; readonly item: Item }
  | { readonly kind: 'none' }
  | { readonly kind: 'many'; readonly items: readonly Item[] };

const IGNORED = new Set(
  [
    'i we dont don need needed anymore any longer no not more over isnt now so s t really want make made did do',
    'does have has had write wrote down say says said what which the a an my our your this that it its to of for',
    'in on at by as with and is be task tasks todo project note notes event meeting checkpoint milestone reminder',
    'please about from called named titled one der die das den eine einen il lo la le un una di del della aufgabe',
    'projekt notiz termin attivita compito progetto nota riunione',
  ].flatMap((line) => line.split(' ')),
);

/** Comments are found by more than their words, so their own text names none of them for sure. */
export function knownFor(command: Command, context: Context): readonly Item[] {
  if (command.thing === 'comment') return command.act === 'delete' ? [] : context.tasks;
  return itemsFor(context, command.thing);
}

/** A known item that a clause mentions by its full name or its id; the longest name wins. */
export function mentionedIn(draft: Draft, items: readonly Item[]): Item | undefined {
  const sorted = items.filter((item) => item.folded.length > 1).sort((a, b) => b.folded.length - a.folded.length);
  for (const item of sorted) {
    const span = draft.find(item.folded) ?? (item.id.length > 1 ? draft.find(fold(item.id)) : undefined);
    if (!span) continue;
    const twins = sorted.filter((other) => other.folded === item.folded);
    if (twins.length > 1) return undefined;
    draft.cut(span.start, span.end);
    return item;
  }
  return undefined;
}

/**
 * Compares words, not letters: at least half of the reference must be in the name, and no other name may fit as
 * well.
 */
export function matchItem(reference: string, items: readonly Item[]): Match {
  const folded = fold(reference).trim();
  const same = items.filter((item) => item.folded === folded || item.id === reference.trim());
  if (same.length === 1 && same[0]) return { kind: 'one', item: same[0] };
  if (same.length > 1) return { kind: 'many', items: same };
  const wanted = wordsOf(folded);
  if (wanted.length === 0) return { kind: 'none' };
  const scored = items
    .map((item) => ({ item, score: scoreOf(wanted, wordsOf(item.folded)) }))
    .filter((one) => one.score >= 0.5);
  const best = Math.max(0, ...scored.map((one) => one.score));
  const winners = scored.filter((one) => one.score >= best - 0.01).map((one) => one.item);
  if (winners.length === 0) return { kind: 'none' };
  return winners.length === 1 && winners[0] ? { kind: 'one', item: winners[0] } : { kind: 'many', items: winners };
}

/** The words of a reference that can tell one thing from another. */
export function tellingWords(reference: string): string {
  return wordsOf(fold(reference)).join(' ');
}

function wordsOf(folded: string): string[] {
  return (folded.slice(0, 300).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !IGNORED.has(word)).slice(0, 24);
}

/** How much of the reference is in the name, and a little for how much of the name is in the reference. */
function scoreOf(wanted: readonly string[], name: readonly string[]): number {
  const hits = wanted.filter((word) => name.some((other) => alike(word, other))).length;
  return hits === 0 ? 0 : hits / wanted.length + (0.3 * hits) / Math.max(name.length, hits);
}

/** Equal, or the same stem as far as endings of three letters hide it. */
function alike(left: string, right: string): boolean {
  if (left === right) return true;
  const short = Math.min(left.length, right.length);
  if (short < 4 || Math.abs(left.length - right.length) > 3) return false;
  const stem = Math.max(4, short - 2);
  return left.slice(0, stem) === right.slice(0, stem);
}
