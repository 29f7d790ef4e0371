import { DecodedCandidate, type InnerReaders } from './decoded-candidate';

const CODES =
  '.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --..'.split(
    ' ',
  );
/** Letters by their symbols as bits behind a leading one: a dot is 0, a dash 1. */
const LETTERS = new Map(
  CODES.map((code, i) => [Number.parseInt(`1${code.replaceAll('.', '0').replaceAll('-', '1')}`, 2), i]),
);
const DOTS = symbols('.·•∙⋅');
const DASHES = symbols('-–—−_');
const SEPARATORS = symbols(' /|\n\t,');
const MAX_CODE = 64;
const HELD = 4;
const FIRST_LETTER = 97;

/** Morse code (ITU-R M.1677-1), letters between separators. */
export class MorseDecoder {
  private readonly candidate: DecodedCandidate;
  private code = 1;
  private from = 0;

  constructor(readers: InnerReaders) {
    this.candidate = new DecodedCandidate(readers, HELD);
  }

  get holdFrom(): number {
    return this.candidate.holdFrom;
  }

  feed(codePoint: number, at: number): void {
    if (DOTS.has(codePoint)) this.symbol(0, at);
    else if (DASHES.has(codePoint)) this.symbol(1, at);
    else if (SEPARATORS.has(codePoint)) this.letter();
    else if (!this.candidate.idle || this.code > 1) this.break();
  }

  end(): void {
    this.letter();
    this.candidate.end();
  }

  private symbol(bit: number, at: number): void {
    if (this.code === 1) this.from = at;
    this.code = Math.min(MAX_CODE, (this.code << 1) | bit);
  }

  private letter(): void {
    if (this.code === 1) return;
    const letter = LETTERS.get(this.code);
    this.code = 1;
    if (letter === undefined) this.candidate.break();
    else this.candidate.push(FIRST_LETTER + letter, this.from);
  }

  private break(): void {
    this.code = 1;
    this.candidate.break();
  }
}

function symbols(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.codePointAt(0) ?? 0));
}
