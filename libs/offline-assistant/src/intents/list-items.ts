import type { CompiledLexicon } from '../text/compiled-lexicon';
import { tokenize, type Token } from '../text/tokens';
import type { Candidate } from './command';

export interface ListOfItems {
  readonly header: string;
  readonly items: readonly string[];
}

const BULLET = /^\s*(?:[-*•–]|\d{1,2}[.)]|\[[ x]?\])\s+/;
const MIN_ITEMS = 2;

/** The items of a list in a clause that creates: lines with bullets or numbers, or behind "tasks:" with commas. */
export function listItems(
  text: string,
  tokens: readonly Token[],
  lexicon: CompiledLexicon,
  command: Candidate,
): ListOfItems | undefined {
  const lines = text.split('\n');
  const bulleted = lines.filter((line) => BULLET.test(line));
  if (bulleted.length >= MIN_ITEMS) {
    const header = lines.filter((line) => !BULLET.test(line)).join(' ');
    return { header, items: bulleted.map((line) => line.replace(BULLET, '').trim()).filter((item) => item !== '') };
  }
  const from = command.verb?.start ?? 0;
  const many = lexicon.nouns
    .all(tokens)
    .find(
      ({ value, start }) =>
        start >= from && value.type === command.type && (value.many || isCounted(tokens, start, lexicon)),
    );
  const colon = tokens.findIndex(({ text: mark }, at) => mark === ':' && at >= (many?.end ?? 0));
  const plain = lines.filter((line) => line.trim() !== '');
  if (many && plain.length > MIN_ITEMS && /:\s*$/.test(plain[0] ?? ''))
    return { header: plain[0] ?? '', items: plain.slice(1).map((line) => line.trim()) };
  const counted = many && countOf(tokens, many.start, lexicon);
  if (many && counted !== undefined && colon < 0) {
    const items = separated(text, tokens, many.end, lexicon);
    if (items.length === counted) return { header: text.slice(0, tokens[many.end]?.start ?? 0), items };
  }
  if (many && colon < 0) return choresBehind(text, tokens, many.end, lexicon);
  if (!many || colon < 0 || colon > many.end + 8) return undefined;
  const items = separated(text, tokens, colon + 1, lexicon);
  return items.length >= MIN_ITEMS ? { header: text.slice(0, tokens[colon]?.start ?? 0), items } : undefined;
}

/** "add tasks buy milk and buy bread": without a colon each item must begin like something to do. */
function choresBehind(
  text: string,
  tokens: readonly Token[],
  from: number,
  lexicon: CompiledLexicon,
): ListOfItems | undefined {
  const items = separated(text, tokens, from, lexicon);
  const chores = lexicon.set(lexicon.data.chores);
  const fit = items.length >= MIN_ITEMS && items.every((item) => chores.at(tokenize(item), 0) !== undefined);
  return fit ? { header: text.slice(0, tokens[from]?.start ?? 0), items } : undefined;
}

/** "tre attività": a number makes a plural of a word that has none. */
function isCounted(tokens: readonly Token[], at: number, lexicon: CompiledLexicon): boolean {
  return countOf(tokens, at, lexicon) !== undefined;
}

export function countOf(tokens: readonly Token[], at: number, lexicon: CompiledLexicon): number | undefined {
  const adjectives = lexicon.wordsOf(lexicon.data.adjectives);
  for (let back = 1; back <= 3; back += 1) {
    const word = tokens[at - back]?.word ?? '';
    const value = /^[2-9]$/.test(word) ? Number(word) : (lexicon.data.dates.numbers[word] ?? 0);
    if (value > 1) return value;
    if (!adjectives.has(word)) return undefined;
  }
  return undefined;
}

export function separated(text: string, tokens: readonly Token[], from: number, lexicon: CompiledLexicon): string[] {
  const and = lexicon.set(lexicon.data.and);
  const items: string[] = [];
  // Semicolons part items that have commas.
  const strong = tokens.slice(from).some(({ text: mark }) => mark === ';');
  let start = from;
  const push = (end: number): void => {
    const [first, last] = [tokens[start], tokens[end - 1]];
    if (first && last && end > start) items.push(text.slice(first.start, last.end).trim());
  };
  for (let at = from; at < tokens.length; at += 1) {
    const mark = (strong ? /^;$/ : /^[,;]$/).test(tokens[at]?.text ?? '') || tokens[at]?.kind === 'break';
    const joint = strong ? undefined : and.at(tokens, at);
    if (!mark && !joint) continue;
    push(at);
    start = mark ? (and.at(tokens, at + 1)?.end ?? at + 1) : (joint?.end ?? at + 1);
    at = start - 1;
  }
  push(tokens.length);
  return items.filter((item) => item !== '');
}
