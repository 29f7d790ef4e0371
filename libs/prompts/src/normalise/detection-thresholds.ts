import type { Projections } from './projections';

export interface ViewRule {
  readonly name: string;
  /** Symbols in a gram. */
  readonly gram: number;
  /** Letters of the plain text that a symbol of this view represents, on average. */
  readonly letters: number;
}

/** Grams are long enough that a single one in ordinary text is rarely chance, short enough to fit between edits. */
export const VIEW_RULES: Projections<ViewRule> = {
  steps: { name: 'letters', gram: 11, letters: 1 },
  chain: { name: 'edited', gram: 7, letters: 1 },
  consonants: { name: 'consonants', gram: 10, letters: 1.6 },
  leet: { name: 'leet', gram: 12, letters: 1 },
  ascii: { name: 'ascii', gram: 16, letters: 0.8 },
  pattern: { name: 'pattern', gram: 16, letters: 1 },
};

/** Bits of information that make a leak: about six words that are neither common nor of our trade. */
export const HIT_BITS = 50;
/** Letters that a leak has at least, so that a few rare words are none. */
export const HIT_LETTERS = 28;
/** Bits a letter that only random words have: a canary needs no length, but grams enough that it is no chance match of a hash. */
export const RANDOM_BITS = 4;
export const RANDOM_GRAMS = 3;
/** A piece of this many letters without a gap needs fewer bits: JSON schemas are made of common words. */
export const RUN_LETTERS = 44;
export const RUN_BITS = 32;
/** What a letter that does not match takes away. */
export const MISS_BITS = 3;
/** Pieces below a hit are held back for a while from here on. */
export const SUSPECT_BITS = 22;
