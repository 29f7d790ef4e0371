import { fold } from './clean';
import { tokenize, type Token } from './tokens';

interface Entry<T> {
  readonly words: readonly string[];
  /** Words that follow later in the clause ("leg … an"). */
  readonly particles: readonly string[];
  readonly value: T;
}

export interface PhraseMatch<T> {
  readonly value: T;
  readonly start: number;
  /** Behind its last token. */
  readonly end: number;
  /** The tokens of a particle that stands apart. */
  readonly apart?: { readonly start: number; readonly end: number };
}

/** Looks phrases up by their first word; the longest phrase wins. */
export class PhraseIndex<T> {
  private readonly entries = new Map<string, Entry<T>[]>();

  /** `phrases` are alternatives separated by `|`. */
  add(phrases: string, value: T): this {
    for (const phrase of phrases.split('|')) {
      const [head = '', tail = ''] = phrase.split('…');
      const words = wordsOf(head);
      const [first] = words;
      if (first === undefined) continue;
      const list = this.entries.get(first) ?? [];
      list.push({ words, particles: wordsOf(tail), value });
      list.sort((one, other) => other.words.length + other.particles.length - one.words.length - one.particles.length);
      this.entries.set(first, list);
    }
    return this;
  }

  has(word: string): boolean {
    return this.entries.has(word);
  }

  words(): IterableIterator<string> {
    return this.entries.keys();
  }

  at(tokens: readonly Token[], start: number): PhraseMatch<T> | undefined {
    const first = tokens[start];
    if (first === undefined || first.word === '') return undefined;
    for (const entry of this.entries.get(first.word) ?? []) {
      if (!entry.words.every((word, offset) => tokens[start + offset]?.word === word)) continue;
      const end = start + entry.words.length;
      if (entry.particles.length === 0) return { value: entry.value, start, end };
      const apart = particleAt(tokens, end, entry.particles);
      if (apart) return { value: entry.value, start, end, apart };
    }
    return undefined;
  }

  /** Whether a phrase covers exactly these tokens. */
  covers(tokens: readonly Token[], start: number, end: number): boolean {
    const entries = this.entries.get(tokens[start]?.word ?? '') ?? [];
    return entries.some(
      ({ words, particles }) =>
        particles.length === 0 &&
        words.length === end - start &&
        words.every((word, offset) => tokens[start + offset]?.word === word),
    );
  }

  /** The meanings of the longest phrase at a place; some phrases have several. */
  meaningsAt(tokens: readonly Token[], start: number): PhraseMatch<T>[] {
    const best = this.at(tokens, start);
    if (!best) return [];
    const entries = this.entries.get(tokens[start]?.word ?? '') ?? [];
    const length = best.end - best.start;
    const same = entries.filter(
      ({ words, particles }) =>
        words.length === length &&
        particles.length === (best.apart ? best.apart.end - best.apart.start : 0) &&
        words.every((word, offset) => tokens[start + offset]?.word === word) &&
        particles.every((word, offset) => tokens[(best.apart?.start ?? 0) + offset]?.word === word),
    );
    return [...new Set(same.map(({ value }) => value))].map((value) => ({ ...best, value }));
  }

  /** Every match from left to right that does not overlap the one before. */
  all(tokens: readonly Token[], from = 0, to = tokens.length): PhraseMatch<T>[] {
    const found: PhraseMatch<T>[] = [];
    for (let at = from; at < to; at += 1) {
      const match = this.at(tokens, at);
      if (!match || match.end > to) continue;
      found.push(match);
      at = match.end - 1;
    }
    return found;
  }
}

export function phraseSet(...phrases: readonly string[]): PhraseIndex<true> {
  return phrases.reduce((index, phrase) => index.add(phrase, true), new PhraseIndex<true>());
}

const MAX_APART = 24;

function particleAt(
  tokens: readonly Token[],
  from: number,
  particles: readonly string[],
): { start: number; end: number } | undefined {
  let last: number | undefined;
  for (let at = from; at < Math.min(tokens.length, from + MAX_APART); at += 1) {
    const ends = tokens[at]?.kind === 'break' || tokens[at]?.word === ':' || tokens[at]?.word === ';';
    if (ends) break;
    const fits = particles.every((word, offset) => tokens[at + offset]?.word === word);
    const behind = tokens[at + particles.length];
    // A particle of a verb stands at the end of its clause or before punctuation; inside it is a preposition.
    if (fits && (behind === undefined || behind.kind === 'mark' || behind.kind === 'break' || ENDS.has(behind.word)))
      return { start: at, end: at + particles.length };
    if (fits) last = at;
  }
  return last === undefined || particles.length < 2 ? undefined : { start: last, end: last + particles.length };
}

const ENDS: ReadonlySet<string> = new Set([
  'and',
  'und',
  'bitte',
  'please',
  'then',
  'danach',
  'pls',
  'dann',
  'for',
  'as',
]);

function wordsOf(phrase: string): string[] {
  return tokenize(phrase.trim())
    .filter((token) => token.kind === 'word' || token.kind === 'number' || /[&@]/.test(token.text))
    .map((token) => (token.kind === 'word' ? fold(token.text) : token.word));
}
