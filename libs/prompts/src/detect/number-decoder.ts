import { DecodedCandidate, type InnerReaders } from './decoded-candidate';
import { isAlphanumeric } from '../normalise/ascii';

const MAX_TOKEN = 8;
const HEX_DIGITS = /^[0-9a-f]{2,4}$/;
/** Each number may be written in many characters, so few of them may leave. */
const HELD = 3;

/** Characters written as numbers with signs between them: decimal, hexadecimal (`0x48`, `U+0048`), octal, binary. */
export class NumberDecoder {
  private readonly decimal: DecodedCandidate;
  private readonly hex: DecodedCandidate;
  private readonly octal: DecodedCandidate;
  private readonly binary: DecodedCandidate;
  private token = '';
  private tokenAt = 0;
  private tokenLength = 0;
  private bits = 0;
  private bitCount = 0;
  private allBits = true;
  private active = false;
  private words: readonly [string, string] = ['', ''];

  constructor(readers: InnerReaders) {
    this.decimal = new DecodedCandidate(readers, HELD);
    this.hex = new DecodedCandidate(readers, HELD);
    this.octal = new DecodedCandidate(readers, HELD);
    this.binary = new DecodedCandidate(readers, HELD);
  }

  get holdFrom(): number {
    if (!this.active) return Infinity;
    return Math.min(this.decimal.holdFrom, this.hex.holdFrom, this.octal.holdFrom, this.binary.holdFrom);
  }

  feed(codePoint: number, at: number): void {
    if (!isAlphanumeric(codePoint)) {
      if (this.tokenLength > 0) this.finish();
      return;
    }
    if (this.tokenLength === 0) {
      this.tokenAt = at;
      this.bitCount = 0;
      this.bits = 0;
      this.allBits = true;
    }
    this.tokenLength += 1;
    if (this.tokenLength <= MAX_TOKEN) this.token += String.fromCharCode(codePoint | 0x20);
    this.bit(codePoint - 0x30, at);
  }

  end(): void {
    if (this.tokenLength > 0) this.finish();
    for (const run of [this.decimal, this.hex, this.octal, this.binary]) run.end();
  }

  /** Long rows of zeros and ones are cut into bytes as they come. */
  private bit(bit: number, at: number): void {
    this.allBits = this.allBits && bit >= 0 && bit <= 1;
    if (!this.allBits) return;
    this.bits = (this.bits << 1) | bit;
    this.bitCount += 1;
    if (this.bitCount < 8) return;
    this.active = true;
    this.binary.push(this.bits, at);
    this.bits = 0;
    this.bitCount = 0;
  }

  /** The same few words between numbers, such as `chr(72)+chr(101)` or `String.fromCharCode(72)`. */
  private isFiller(token: string): boolean {
    if (!/^[a-z]{2,}$/.test(token) || HEX_DIGITS.test(token)) return false;
    const [one, other] = this.words;
    this.words = token === one ? [one, other] : [token, one];
    return token === one || token === other;
  }

  private finish(): void {
    const { token, tokenAt, tokenLength } = this;
    this.token = '';
    this.tokenLength = 0;
    if (this.isFiller(token)) return;
    const first = token.charCodeAt(0);
    if (!this.active && (first < 0x30 || first > 0x39) && first !== 0x75) return;
    if (this.allBits && this.bitCount === 7) this.binary.push(this.bits, tokenAt);
    if (token === 'u' || token === 'x') return;
    this.active = true;
    number(this.decimal, tokenLength > 3 || !/^\d+$/.test(token) ? -1 : Number(token), tokenAt);
    const digits = tokenLength > 6 ? undefined : /^(?:0x|u|x)?([0-9a-f]{2,4})$/.exec(token)?.[1];
    number(this.hex, digits === undefined ? -1 : parseInt(digits, 16), tokenAt);
    number(this.octal, tokenLength > 4 || !/^0?[0-7]{2,3}$/.test(token) ? -1 : parseInt(token, 8), tokenAt);
    if (!/^[01]{7,8}$/.test(token)) this.binary.break();
    this.active = !(this.decimal.idle && this.hex.idle && this.octal.idle && this.binary.idle);
  }
}

function number(run: DecodedCandidate, value: number, at: number): void {
  if (value < 0) run.break();
  else run.push(value, at);
}
