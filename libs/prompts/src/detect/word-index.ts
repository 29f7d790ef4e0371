import { classOf, LETTERS, SEVERAL } from '../normalise/alphabet';
import { bitsOfWord } from './word-frequencies';
import type { Secret } from '../prompt-registry';

const { imul } = Math;
const WORD = /[\p{L}\p{M}]+/gu;
/** Words of a secret that may be missing between two that follow each other in a text. */
export const MAX_MISSING = 3;
/** A word that is used in more places says too little about where a secret is continued. */
const MAX_STARTS = 24;
const MIN_START_BITS = 3;
/** Words of a passage that is used more than once. */
const PASSAGE = 5;
const SEQUENCE = 3;
const LETTER_KEYS = Int32Array.from({ length: LETTERS }, (_, i) =>
  imul(imul(i + 1, 0x9e3779b1) ^ 0x5bd1e995, 0x85ebca6b),
);

/** What a letter adds to the key of its word. The order of letters does not count, so that a word with its letters shuffled is found too. */
export function letterKey(letter: number): number {
  return LETTER_KEYS[letter] ?? 0;
}

/** The words of all secrets in their order; the number of a word is its place in that order. */
export class WordIndex {
  private readonly keys: number[] = [];
  private readonly bits: number[] = [];
  private readonly positions: number[] = [];
  private readonly places = new Map<number, number[]>();
  private readonly passages = new Set<string>();
  private readonly sequences = new Map<number, number[]>();

  add({ text, canary }: Secret, start: number): void {
    const words = Array.from(text.matchAll(WORD), ({ 0: word, index }) => ({
      key: word === canary ? 0 : keyOf(word),
      bits: bitsOfWord(word.toLowerCase()),
      position: start + index,
    })).filter(({ key }) => key !== 0);
    const known = this.knownWords(words.map(({ key }) => key));
    words.forEach((word, i) => {
      if (known.has(i)) {
        if (!known.has(i - 1)) this.addGap(word.position);
      } else this.addWord(word.key, word.bits, word.position);
    });
    this.addGap(start);
  }

  /** Marks the words of every sequence of three that a text and the secrets have in common; some 30 ms for a text of 1 MB. */
  markExempt(marks: Uint8Array, text: string): void {
    let first = 0;
    let second = 0;
    let key = 0;
    for (let i = 0; i <= text.length; i += 1) {
      const letter = i < text.length ? classOf(text.charCodeAt(i)) : LETTERS;
      if (letter < LETTERS) key = (key + letterKey(letter)) | 0;
      else if (key !== 0) {
        const numbers = this.sequences.get(sequenceOf(first, second, key));
        if (numbers) this.mark(marks, numbers);
        first = second;
        second = key;
        key = 0;
      }
    }
  }

  /** After the last secret. */
  freeze(): void {
    this.passages.clear();
    for (let number = 0; number + SEQUENCE <= this.keys.length; number += 1) {
      const sequence = sequenceOf(this.keyAt(number), this.keyAt(number + 1), this.keyAt(number + 2));
      const known = this.sequences.get(sequence);
      if (known) known.push(number);
      else this.sequences.set(sequence, [number]);
    }
  }

  has(key: number): boolean {
    return this.places.has(key);
  }

  keyAt(number: number): number {
    return this.keys[number] ?? 0;
  }

  bitsAt(number: number): number {
    return this.bits[number] ?? 0;
  }

  positionAt(number: number): number {
    return this.positions[number] ?? 0;
  }

  /** Where a chain may begin with this word. */
  startsOf(key: number): readonly number[] {
    const places = this.places.get(key) ?? [];
    return places.length > MAX_STARTS || this.bitsAt(places[0] ?? 0) < MIN_START_BITS ? [] : places;
  }

  /** Which of these words are in passages that came before: what is exempt is marked where it is first used. */
  private knownWords(keys: readonly number[]): ReadonlySet<number> {
    const known = new Set<number>();
    for (let i = 0; i + PASSAGE <= keys.length; i += 1) {
      const passage = keys.slice(i, i + PASSAGE).join();
      if (!this.passages.has(passage)) this.passages.add(passage);
      else for (let word = i; word < i + PASSAGE; word += 1) known.add(word);
    }
    return known;
  }

  private mark(marks: Uint8Array, numbers: readonly number[]): void {
    for (const number of numbers)
      for (let word = number; word < number + SEQUENCE; word += 1) marks[this.positionAt(word)] = 1;
  }

  private addWord(key: number, bits: number, position: number): void {
    const places = this.places.get(key);
    if (places) places.push(this.keys.length);
    else this.places.set(key, [this.keys.length]);
    this.keys.push(key);
    this.bits.push(bits);
    this.positions.push(position);
  }

  /** No chain continues over it. */
  private addGap(position: number): void {
    for (let gap = 0; gap <= MAX_MISSING; gap += 1) {
      this.keys.push(0);
      this.bits.push(0);
      this.positions.push(position);
    }
  }
}

function sequenceOf(first: number, second: number, third: number): number {
  return (imul(imul(first, 31) + second, 31) + third) | 0;
}

function keyOf(word: string): number {
  let key = 0;
  for (const character of word) {
    const letter = classOf(character.codePointAt(0) ?? 0);
    if (letter === SEVERAL) return 0;
    if (letter < LETTERS) key = (key + letterKey(letter)) | 0;
  }
  return key;
}
