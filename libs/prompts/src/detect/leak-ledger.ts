import { classOf, LETTERS } from '../normalise/alphabet';
import { VIEW_RULES } from '../normalise/detection-thresholds';
import type { SecretIndex } from './fingerprint-index';
import { PieceChains } from './piece-chains';
import { RollingHash } from './rolling-hash';
import type { SecretCorpus } from './secret-corpus';

/** Letters that one gram covers. */
const GRAM_LETTERS = VIEW_RULES.steps.gram + 1;
/** Pieces with fewer bits, and grams of common words, are ordinary phrases. */
export const PIECE_BITS = 10;
/** A long word alone fills one gram, and is no piece. */
export const PIECE_GRAMS = 2;
export const MIN_LETTER_BITS = 0.8;
/** The guarantee. Of 6,000 ordinary answers one has more letters in such pieces. */
const MAX_LETTERS = 40;
/** Pieces of earlier answers count only where they can hardly be ordinary: a long conversation has many phrases. */
const EARLIER_PIECE_BITS = 24;
/** Of 6,000 ordinary answers one has such a chain. */
const CHAIN_LIMIT = { pieces: 3, bits: 20 };
/** Of 300 conversations of 20 ordinary answers none has such a chain. */
const CONVERSATION_CHAIN_LIMIT = { pieces: 5, bits: 72 };

/** What pieces in all outputs of one chat have disclosed of the secrets. */
export class LeakLedger {
  /** Letters of the words of secrets; those of a word count once, wherever the secrets use it. */
  private readonly covered = new Set<number>();
  private readonly chains = new PieceChains(CHAIN_LIMIT);
  /** With the earlier answers of the conversation, where it has any. */
  private conversation: PieceChains | undefined;

  cover(text: SecretCorpus, ordinal: number): void {
    for (let letter = ordinal; letter < ordinal + GRAM_LETTERS; letter += 1) this.covered.add(text.firstUseOf(letter));
  }

  get isExceeded(): boolean {
    return this.covered.size > MAX_LETTERS;
  }

  /** Takes a short gram; returns whether pieces that continue each other are a leak. See `PieceChains.add`. */
  chain(ordinal: number, bitsALetter: number, adjacent: boolean): boolean {
    const isLeak = this.chains.add(ordinal, bitsALetter, adjacent);
    return this.conversation?.add(ordinal, bitsALetter, adjacent) === true || isLeak;
  }

  /** Counts what an earlier answer of the conversation has disclosed; plain writing only, some 50 ms for a text of 1 MB. */
  addEarlier(index: SecretIndex, text: string): void {
    this.addEarlierPieces(index, text);
    this.addEarlierChains(index, text);
  }

  private addEarlierChains(index: SecretIndex, text: string): void {
    const chains = (this.conversation ??= new PieceChains(CONVERSATION_CHAIN_LIMIT));
    const hash = new RollingHash(VIEW_RULES.chain.gram);
    const table = index.tables.chain;
    let last = -1;
    let adjacent = false;
    for (let i = 0; i < text.length; i += 1) {
      const letter = classOf(text.charCodeAt(i));
      if (letter >= LETTERS || letter === last) continue;
      const value = hash.push((letter - last + LETTERS) % LETTERS, 0);
      last = letter;
      const slot = hash.filled === hash.length ? table.find(value) : -1;
      if (slot >= 0) {
        const ordinal = index.text.ordinalAt(table.positionAt(slot));
        chains.add(ordinal, table.weightAt(slot), adjacent);
      }
      adjacent = slot >= 0;
    }
  }

  private addEarlierPieces(index: SecretIndex, text: string): void {
    const hash = new RollingHash(VIEW_RULES.steps.gram);
    const table = index.tables.steps;
    let last = -1;
    let bits = 0;
    let slots: number[] = [];
    for (let i = 0; i < text.length; i += 1) {
      const letter = classOf(text.charCodeAt(i));
      if (letter >= LETTERS || letter === last) continue;
      const value = hash.push((letter - last + LETTERS) % LETTERS, 0);
      last = letter;
      const slot = hash.filled === hash.length ? table.find(value) : -1;
      if (slot < 0) {
        slots = [];
        bits = 0;
        continue;
      }
      bits += table.weightAt(slot) * (slots.length === 0 && bits === 0 ? VIEW_RULES.steps.gram : 1);
      slots.push(slot);
      if (bits < EARLIER_PIECE_BITS) continue;
      for (const one of slots) this.cover(index.text, index.text.ordinalAt(table.positionAt(one)));
      slots = [];
    }
  }
}
