import { classOf, LETTERS, lettersOf, SEVERAL } from './alphabet';
import type { CharacterSink } from './unescaper';

/** The engine finds a local name faster than a global one. */
const { min } = Math;

/** Takes the symbols of one view; `at` is where the first character that the symbol comes from is written. */
export interface SymbolSink {
  push(symbol: number, at: number): void;
}

/** One sink for each way of looking at a text. */
export interface Projections<S> {
  /** Steps from letter to letter of the alphabet, so that any shift of it looks the same. */
  readonly steps: S;
  /** The same steps in shorter grams, for texts with edits. */
  readonly chain: S;
  /** Letters without vowels, for texts whose vowels are left out or replaced. */
  readonly consonants: S;
  /** Letters, digits and signs folded into the letters that they are leetSign for. */
  readonly leet: S;
  /** Steps between printable ASCII characters, for shifts that take in digits and punctuation. */
  readonly ascii: S;
  /** How far back the same letter stood, which no exchange of letters changes. */
  readonly pattern: S;
}

export const VIEW_NAMES = [
  'steps',
  'chain',
  'consonants',
  'leet',
  'ascii',
  'pattern',
] as const satisfies (keyof Projections<unknown>)[];

const VOWELS = classSet('aeiou');
const FIRST_PRINTABLE = 33;
const PRINTABLE = 94;
/** Letters further back than this are as good as new. */
export const MAX_DISTANCE = 20;
/** Classes of leet: letters that share a sign are one. */
const LEET = new Int8Array(128).fill(-1);
for (const group of [
  'aA4@',
  'bB8',
  'cC',
  'dD',
  'eE3',
  'fF',
  'gG6qQ9',
  'hH',
  'iIlL1!|',
  'jJ',
  'kK',
  'mM',
  'nN',
  'oO0',
  'pP',
  'rR',
  'sS5$',
  'tT7+',
  'uU',
  'vV',
  'wW',
  'xX',
  'yY',
  'zZ2',
]) {
  for (const sign of group) LEET[sign.charCodeAt(0)] = group.charCodeAt(0) - 97;
}

/** Turns characters into the symbols of every view; a letter that is repeated counts once. */
export class Projector implements CharacterSink {
  private letter = -1;
  private letterAt = 0;
  private consonant = -1;
  private sign = -1;
  private printed = -1;
  private printedAt = 0;
  private letters = 0;
  private readonly lastSeen = new Int32Array(LETTERS).fill(-1000);

  /** @param inFull also the views `chain`, `leet`, `ascii` and `pattern`, which a text inside a text can do without. */
  constructor(
    private readonly views: Projections<SymbolSink>,
    private readonly inFull = true,
  ) {}

  feed(codePoint: number, at: number): void {
    const kind = classOf(codePoint);
    if (this.inFull) {
      if (codePoint < 128) this.ascii(codePoint, at);
      else if (kind < LETTERS) this.leet(kind, at);
    }
    if (kind < LETTERS) this.read(kind, at);
    else if (kind === SEVERAL) this.several(codePoint, at);
  }

  reset(): void {
    this.letter = -1;
    this.consonant = -1;
    this.sign = -1;
    this.printed = -1;
  }

  private several(codePoint: number, at: number): void {
    for (const letter of lettersOf(codePoint)) {
      if (letter >= LETTERS) continue;
      if (this.inFull) this.leet(letter, at);
      this.read(letter, at);
    }
  }

  private read(letter: number, at: number): void {
    const before = this.letter;
    if (letter === before) return;
    if (this.inFull) this.repeated(letter, at);
    if (before >= 0) this.step((letter - before + LETTERS) % LETTERS);
    this.letter = letter;
    this.letterAt = at;
    if (VOWELS[letter] === 1 || letter === this.consonant) return;
    this.consonant = letter;
    this.views.consonants.push(letter, at);
  }

  private step(step: number): void {
    this.views.steps.push(step, this.letterAt);
    if (this.inFull) this.views.chain.push(step, this.letterAt);
  }

  private repeated(letter: number, at: number): void {
    this.letters += 1;
    this.views.pattern.push(min(MAX_DISTANCE, this.letters - (this.lastSeen[letter] ?? 0)), at);
    this.lastSeen[letter] = this.letters;
  }

  private leet(letter: number, at: number): void {
    this.leetSign(LEET[letter + 97] ?? -1, at);
  }

  private ascii(codePoint: number, at: number): void {
    this.leetSign(LEET[codePoint] ?? -1, at);
    const place = codePoint - FIRST_PRINTABLE;
    if (place < 0 || place >= PRINTABLE) return;
    if (this.printed >= 0) this.views.ascii.push((place - this.printed + PRINTABLE) % PRINTABLE, this.printedAt);
    this.printed = place;
    this.printedAt = at;
  }

  private leetSign(sign: number, at: number): void {
    if (sign < 0 || sign === this.sign) return;
    this.sign = sign;
    this.views.leet.push(sign, at);
  }
}

function classSet(letters: string): Uint8Array {
  const set = new Uint8Array(LETTERS);
  for (const letter of letters) set[letter.charCodeAt(0) - 97] = 1;
  return set;
}
