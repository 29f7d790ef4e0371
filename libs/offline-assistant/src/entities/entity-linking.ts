import { distance } from 'fastest-levenshtein';
import type { EntityType } from '../lexicon/lexicon';
import { fold } from '../text/clean';
import type { Token } from '../text/tokens';
import { itemsFor, type AssistantContext, type Item } from './assistant-context';
import { NAMEABLE } from './entity-definitions';
import { STOP_WORDS } from './stop-words';

/** What a reference means among known items: one, none, or several that fit equally well. */
export type Match =
  | { readonly kind: 'one'; readonly item: Item; readonly score: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'many'; readonly items: readonly Item[] };

/** The full name (or short id) of a known item among the tokens `[start, end)`. */
export interface Mention {
  readonly type: EntityType;
  readonly item: Item;
  readonly start: number;
  readonly end: number;
  /** Others of the same kind have the same name. */
  readonly twins: readonly Item[];
}

const MIN_SCORE = 0.5;
const MAX_WORDS = 24;

/**
 * Every known full name in a text, maxWords first where they overlap. Work is bounded by tokens times items that begin
 * with the token's word.
 */
export function mentionsIn(tokens: readonly Token[], context: AssistantContext): Mention[] {
  const starts = new Map<string, { type: EntityType; item: Item; words: readonly string[] }[]>();
  for (const type of NAMEABLE) {
    for (const item of itemsFor(context, type)) {
      const words = nameWords(item.folded);
      const [first] = words;
      if (first !== undefined && item.folded.length > 1)
        starts.set(first, [...(starts.get(first) ?? []), { type, item, words }].slice(0, 40));
      const id = fold(item.id);
      if (/\d/.test(id)) starts.set(id, [...(starts.get(id) ?? []), { type, item, words: [id] }].slice(0, 40));
    }
  }
  const found: Mention[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (!token) continue;
    const quoted = token.kind === 'quote' ? nameWords(fold(token.text)).join(' ') : undefined;
    const first = quoted === undefined ? token.word : (nameWords(quoted)[0] ?? '');
    const fitting = (starts.get(first) ?? []).filter(({ words }) =>
      quoted === undefined ? spans(tokens, at, words) : words.join(' ') === quoted,
    );
    const maxWords = Math.max(0, ...fitting.map(({ words }) => words.length));
    const best = fitting.filter(({ words }) => words.length === maxWords);
    for (const type of NAMEABLE) {
      const same = best.filter((one) => one.type === type).map(({ item }) => item);
      const [item] = same;
      const end = quoted === undefined ? endOf(tokens, at, maxWords) : at + 1;
      if (item) found.push({ type, item, start: at, end, twins: same.length > 1 ? same : [] });
    }
    if (best.length > 0 && quoted === undefined) at = endOf(tokens, at, maxWords) - 1;
  }
  return found;
}

/** Compares words: at least half of the reference must be in the name, and no other name may fit as well. */
export function linkEntity(reference: string, items: readonly Item[]): Match {
  const folded = fold(reference).trim();
  const same = items.filter((item) => item.folded === folded || item.id === reference.trim());
  if (same.length === 1 && same[0]) return { kind: 'one', item: same[0], score: 2 };
  if (same.length > 1) return { kind: 'many', items: same };
  const wanted = keywords(folded);
  if (wanted.length === 0) return { kind: 'none' };
  const scored = items
    .map((item) => ({ item, score: scoreOf(wanted, keywords(item.folded)) }))
    .filter((one) => one.score >= MIN_SCORE);
  // Names that hold the same words of the reference fit equally well, unless one of them says no more than it.
  const hits = (one: { readonly item: Item }): number =>
    wanted.filter((word) => keywords(one.item.folded).some((other) => alike(word, other))).length;
  const top = Math.max(0, ...scored.map(hits));
  const level = scored.filter((one) => hits(one) === top);
  const full = level.filter((one) => keywords(one.item.folded).length <= top);
  const winners = full.length === 1 ? full : level;
  const [winner] = winners;
  if (!winner) return { kind: 'none' };
  return winners.length === 1 ? { kind: 'one', ...winner } : { kind: 'many', items: winners.map(({ item }) => item) };
}

/** The words of a reference that can tell one thing from another. */
export function keywords(reference: string): string[] {
  return nameWords(fold(reference).slice(0, 300))
    .filter((word) => !STOP_WORDS.has(word))
    .slice(0, MAX_WORDS);
}

function nameWords(folded: string): string[] {
  return folded.match(/[\p{L}\p{N}]+(?:'(?=\p{L})\p{L}+)?/gu)?.flatMap(unelided) ?? [];
}

function unelided(word: string): string[] {
  const parts = /^(l|d|un|dell|all|nell|dall|sull|qu|j|n|s|c|m|t)'(.+)$/.exec(word);
  return parts ? [`${parts[1] ?? ''}'`, parts[2] ?? ''] : [word];
}

function spans(tokens: readonly Token[], start: number, words: readonly string[]): boolean {
  let at = start;
  for (const word of words) {
    while (at > start && tokens[at]?.kind === 'mark' && at < start + 24) at += 1;
    if (tokens[at]?.word !== word && tokens[at]?.word !== `${word}'s`) return false;
    at += 1;
  }
  return true;
}

function endOf(tokens: readonly Token[], start: number, words: number): number {
  let at = start;
  for (let seen = 0; seen < words && at < tokens.length; at += 1)
    if (tokens[at]?.kind !== 'mark' || seen === 0) seen += 1;
  return at;
}

/** How much of the reference is in the name, and a little for how much of the name is in the reference. */
function scoreOf(wanted: readonly string[], name: readonly string[]): number {
  const hits = wanted.filter((word) => name.some((other) => alike(word, other))).length;
  return hits === 0 ? 0 : hits / wanted.length + (0.3 * hits) / Math.max(name.length, hits);
}

/** One slip of the fingers in a word that is long enough to be known by the rest. */
function isMistyped(left: string, right: string): boolean {
  const long = Math.min(left.length, right.length);
  if (long < 6 || Math.abs(left.length - right.length) > 1 || left.charAt(0) !== right.charAt(0)) return false;
  const edits = distance(left, right);
  return edits === 1 || (edits === 2 && [...left].sort().join('') === [...right].sort().join(''));
}

/** Equal, or the same stem as far as endings of three letters hide it. */
export function alike(left: string, right: string): boolean {
  if (left === right || isMistyped(left, right)) return true;
  const short = Math.min(left.length, right.length);
  if (short < 4 || Math.abs(left.length - right.length) > (short < 5 ? 1 : 3)) return false;
  const stem = Math.max(4, short - 1);
  return left.slice(0, stem) === right.slice(0, stem);
}
