import { classOf, DIGITS_END, INVISIBLE, LETTERS, OTHER } from '../normalise/alphabet';
import { AcrosticFilter } from './acrostic-filter';
import type { DetectionState } from './detection-state';
import { TokenPattern } from './token-pattern';
import { WordChainMatcher } from './word-chain-matcher';
import { letterKey } from './word-index';

const { imul, min } = Math;
const MULTIPLIER = 0x01000193;
/** Signs from here on are symbols and emoji, which may stand for a letter each. */
const FIRST_SYMBOL = 0x2190;

/** Cuts a text into words, for what is written with a word, a number or a sign for each letter or word of a secret. */
export class WordReader {
  private readonly acrostics: AcrosticFilter;
  private readonly pattern: TokenPattern;
  private readonly chains: WordChainMatcher;
  private token = 0;
  private tokenAt = 0;
  private key = 0;
  private letters = 0;
  private wordAt = 0;
  private last = 0;
  private beforeLast = 0;
  private lastAt = 0;

  constructor(detectionState: DetectionState) {
    this.acrostics = new AcrosticFilter(detectionState);
    this.pattern = new TokenPattern(detectionState);
    this.chains = new WordChainMatcher(detectionState);
  }

  get holdFrom(): number {
    return min(this.acrostics.holdFrom, this.pattern.holdFrom, this.chains.holdFrom);
  }

  feed(codePoint: number, at: number): void {
    const kind = classOf(codePoint);
    if (kind === INVISIBLE) return;
    if (kind < LETTERS) this.letter(kind, at);
    else this.endWord();
    if (kind >= DIGITS_END && kind <= OTHER) {
      this.endToken();
      this.acrostics.separate(codePoint);
      if (codePoint < FIRST_SYMBOL) return;
    }
    if (this.token === 0) this.tokenAt = at;
    this.token = (imul(this.token, MULTIPLIER) + (codePoint | 0x20) + 1) | 0 || 1;
    if (codePoint >= FIRST_SYMBOL) this.endToken();
  }

  end(): void {
    this.endWord();
    this.endToken();
  }

  private letter(letter: number, at: number): void {
    if (this.letters === 0) {
      this.wordAt = at;
      this.acrostics.begin(letter, at);
    }
    this.letters += 1;
    this.key = (this.key + letterKey(letter)) | 0;
    this.beforeLast = this.last;
    this.last = letter;
    this.lastAt = at;
  }

  private endWord(): void {
    if (this.letters === 0) return;
    this.acrostics.finish(this.last, this.lastAt);
    this.chains.word(
      { key: this.key, letters: this.letters, last: this.last, beforeLast: this.beforeLast },
      this.wordAt,
    );
    this.key = 0;
    this.letters = 0;
  }

  private endToken(): void {
    if (this.token !== 0) this.pattern.push(this.token, this.tokenAt);
    this.token = 0;
  }
}
