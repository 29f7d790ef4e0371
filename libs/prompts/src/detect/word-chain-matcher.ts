import type { DetectionState } from './detection-state';
import { letterKey, MAX_MISSING, type WordIndex } from './word-index';

const { log2 } = Math;
const NONE = Infinity;
const RULE = 'words';
/** Words of the text from one word of a secret to the next. */
const MAX_GAP = 12;
/** Chains that are followed concurrently. */
const MAX_CHAINS = 64;
/** The best chain of six words in 6,000 ordinary answers has 24 bits. */
const HIT_BITS = 35;
const HIT_WORDS = 6;
const SUSPECT_BITS = 16;
const SUSPECT_WORDS = 3;
/** Words during which text is held back. */
const HOLDBACK = 6;
/** What chance takes away where several words may continue a chain: the word of the text may be any of so many, and that of the secret, too. */
const COST = Float64Array.from({ length: MAX_GAP + 1 }, (_, choices) => log2(Math.max(1, choices)));
const CHANCE_BITS = 0.5;
const A = 0;
const W = 22;
const Y = 24;
const MIN_PIG_LATIN = 4;

/** What is known of a word when its last letter has been read; `key` as `letterKey` makes it. */
export interface ReadWord {
  readonly key: number;
  readonly letters: number;
  readonly last: number;
  readonly beforeLast: number;
}

interface Chain {
  /** The word of the secrets that it ends with. */
  number: number;
  /** When that was read, in words of the text. */
  time: number;
  bits: number;
  words: number;
  from: number;
}

/**
 * Words that follow each other in the text as they do in a secret, with any other words between them: fillers, the columns of a table, the
 * names of files. A word counts by its information, less what chance gives where several words may continue the chain.
 */
export class WordChainMatcher {
  private readonly index: WordIndex;
  private readonly chains: Chain[] = [];
  private time = 0;
  private activeUntil = 0;

  constructor(private readonly detectionState: DetectionState) {
    this.index = detectionState.index.words;
  }

  get holdFrom(): number {
    let from = NONE;
    if (this.time > this.activeUntil) return from;
    for (const chain of this.chains) {
      const isSuspect = chain.bits >= SUSPECT_BITS && chain.words >= SUSPECT_WORDS;
      if (isSuspect && this.time - chain.time <= HOLDBACK && chain.from < from) from = chain.from;
    }
    return from;
  }

  word(word: ReadWord, at: number): void {
    this.time += 1;
    const key = this.knownKey(word);
    if (key === 0) return;
    if (this.time <= this.activeUntil) this.follow(key);
    for (const number of this.index.startsOf(key)) this.put(number, this.index.bitsAt(number), 1, at);
  }

  /** Of the word, or of what it is in Pig Latin; 0 where no secret has it. */
  private knownKey({ key, letters, last, beforeLast }: ReadWord): number {
    if (this.index.has(key)) return key;
    if (letters < MIN_PIG_LATIN || last !== Y || beforeLast !== A) return 0;
    const without = (key - letterKey(A) - letterKey(Y)) | 0;
    if (this.index.has(without)) return without;
    const vowelFirst = (without - letterKey(W)) | 0;
    return this.index.has(vowelFirst) ? vowelFirst : 0;
  }

  private follow(key: number): void {
    for (const { number, time, bits, words, from } of this.chains) {
      const gap = this.time - time;
      if (gap < 1 || gap > MAX_GAP) continue;
      for (let step = 1; step <= MAX_MISSING + 1; step += 1) {
        if (this.index.keyAt(number + step) !== key) continue;
        const gain = this.index.bitsAt(number + step) - (COST[gap] ?? 0) - (COST[step] ?? 0) - CHANCE_BITS;
        if (gain > 0) this.put(number + step, bits + gain, words + 1, from);
        break;
      }
    }
  }

  /** Keeps the best chain for a word of the secrets, in place of one that has ended or of the weakest. */
  private put(number: number, bits: number, words: number, from: number): void {
    const position = this.index.positionAt(number);
    if (this.detectionState.isExempt(position)) return;
    let slot: Chain | undefined;
    for (const chain of this.chains) {
      if (chain.number === number && this.isActive(chain)) {
        if (chain.bits >= bits && chain.time === this.time) return;
        slot = chain;
        break;
      }
      if (slot === undefined || this.strengthOf(chain) < this.strengthOf(slot)) slot = chain;
    }
    const isFull = this.chains.length === MAX_CHAINS;
    if (slot && (slot.number === number || !this.isActive(slot) || isFull)) {
      if (slot.number !== number && this.strengthOf(slot) > bits) return;
      Object.assign(slot, { number, time: this.time, bits, words, from });
    } else this.chains.push({ number, time: this.time, bits, words, from });
    this.activeUntil = this.time + MAX_GAP;
    if (bits >= HIT_BITS && words >= HIT_WORDS) this.detectionState.hit(RULE, position, words, from);
  }

  private isActive({ time }: Chain): boolean {
    return this.time - time <= MAX_GAP;
  }

  private strengthOf(chain: Chain): number {
    return this.isActive(chain) ? chain.bits : 0;
  }
}
