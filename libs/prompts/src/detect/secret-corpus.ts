import { classOf, LETTERS } from '../normalise/alphabet';
import { bitsALetter } from './word-frequencies';
import type { Secret } from '../prompt-registry';

/** A canary is random: a dozen of its letters are proof. */
const CANARY_BITS_A_LETTER = 6;
const WORD = /[\p{L}\p{M}]+/gu;

/** All secret texts side by side: a position is an index into all their UTF-16 units. */
export class SecretCorpus {
  readonly starts: number[] = [];
  private readonly information: Float32Array;
  private readonly ordinals: Int32Array;
  /** Of every letter, by ordinal: the ordinal of the same letter where the word is first used. */
  private readonly firstUses: Int32Array;

  constructor(readonly secrets: readonly Secret[]) {
    let length = 0;
    for (const { text } of secrets) {
      this.starts.push(length);
      length += text.length + 1;
    }
    this.information = new Float32Array(length);
    secrets.forEach((secret, i) => this.weigh(secret, this.starts[i] ?? 0));
    let letters = 0;
    this.ordinals = Int32Array.from(this.information, (bits) => (bits > 0 ? ++letters : letters));
    this.firstUses = Int32Array.from({ length: letters + 1 }, (_, ordinal) => ordinal);
    this.joinUses();
  }

  get length(): number {
    return this.information.length;
  }

  /** Bits of information of the letter at a position; 0 where none is. */
  bitsAt(position: number): number {
    return this.information[position] ?? 0;
  }

  /** How many letters there are up to a position. */
  ordinalAt(position: number): number {
    return this.ordinals[position] ?? 0;
  }

  /** One number for a letter wherever its word is used, so that a word which is seen again says nothing new. */
  firstUseOf(ordinal: number): number {
    return this.firstUses[ordinal] ?? ordinal;
  }

  /** The prompt that a position belongs to. */
  ownerOf(position: number): string {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return this.secrets[low]?.promptId ?? '';
  }

  private weigh(secret: Secret, start: number): void {
    for (const match of secret.text.matchAll(WORD)) {
      const bits = match[0] === secret.canary ? CANARY_BITS_A_LETTER : bitsALetter(match[0].toLowerCase());
      for (let i = 0; i < match[0].length; i += 1) {
        if (classOf(secret.text.charCodeAt(match.index + i)) < LETTERS)
          this.information[start + match.index + i] = bits;
      }
    }
  }

  private joinUses(): void {
    const first = new Map<string, number>();
    this.secrets.forEach(({ text }, i) => {
      for (const match of text.matchAll(WORD)) {
        const word = match[0].toLowerCase();
        const ordinal = this.ordinalAt((this.starts[i] ?? 0) + match.index);
        const known = first.get(word);
        if (known === undefined) first.set(word, ordinal);
        else for (let letter = 0; letter < word.length; letter += 1) this.firstUses[ordinal + letter] = known + letter;
      }
    });
  }
}
