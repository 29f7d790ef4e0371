import { isAlphanumeric } from './ascii';
import { entityOf, isFormattingTag } from './html';

/** Takes decoded characters; `at` is where the writing of the character begins in the text that is read. */
export interface CharacterSink {
  feed(codePoint: number, at: number): void;
}

const SPACE = 0x20;
const LAST = 0x10ffff;
const MAX_LENGTH = 12;
const BRACE = 16;
/** What a writing may need next. */
const IDLE = 0;
const AFTER_BACKSLASH = 1;
const AFTER_PERCENT = 2;
const AFTER_EQUALS = 3;
const HEX = 4;
const HEX_IN_BRACES = 5;
const OCTAL = 6;
const ENTITY = 7;
const TAG = 8;
/** What a character did to the writing that it came in. */
const NO_MATCH = 0;
const CONSUMED = 1;
const DONE = 2;
type Step = typeof NO_MATCH | typeof CONSUMED | typeof DONE;

const OPENERS = new Uint8Array(128);
OPENERS[code('\\')] = AFTER_BACKSLASH;
OPENERS[code('%')] = AFTER_PERCENT;
OPENERS[code('=')] = AFTER_EQUALS;
OPENERS[code('&')] = ENTITY;
OPENERS[code('<')] = TAG;

/**
 * Undoes JSON, JavaScript, URL, quoted-printable and HTML escapes and drops formatting tags, however deeply nested:
 * what a decoding yields is read again. Each decoding shortens the text, so the work is linear.
 */
export class Unescaper {
  private state = IDLE;
  private opener = 0;
  private openedAt = 0;
  private body = '';
  private value = 0;
  private missing = 0;
  private highSurrogate = 0;

  constructor(private readonly sink: CharacterSink) {}

  /** Where a writing that is not complete yet begins; `Infinity` when there is none. */
  get pendingFrom(): number {
    return this.state === IDLE ? Infinity : this.openedAt;
  }

  feed(codePoint: number, at: number): void {
    if (this.state !== IDLE) this.inside(codePoint, at);
    else if (codePoint < 128 && OPENERS[codePoint] !== IDLE) this.open(codePoint, at);
    else this.emit(codePoint, at);
  }

  /** The text is over: an incomplete writing was none. */
  end(): void {
    if (this.state !== IDLE) this.reject();
  }

  reset(): void {
    this.state = IDLE;
    this.highSurrogate = 0;
  }

  private open(codePoint: number, at: number): void {
    this.state = OPENERS[codePoint] ?? IDLE;
    this.opener = codePoint;
    this.openedAt = at;
    this.body = '';
    this.value = 0;
    this.missing = 2;
  }

  private inside(codePoint: number, at: number): void {
    if (this.state === AFTER_BACKSLASH && codePoint === this.opener) return;
    const step = this.body.length < MAX_LENGTH ? this.step(codePoint) : NO_MATCH;
    if (step === CONSUMED) this.body += String.fromCharCode(codePoint);
    if (step !== NO_MATCH) return;
    this.reject();
    this.feed(codePoint, at);
  }

  private step(codePoint: number): Step {
    switch (this.state) {
      case AFTER_BACKSLASH:
        return this.afterBackslash(codePoint);
      case AFTER_PERCENT:
      case AFTER_EQUALS:
        return this.afterSign(codePoint);
      case HEX:
        return this.digit(hexDigit(codePoint), 16);
      case OCTAL:
        return this.digit(codePoint >= 0x30 && codePoint < 0x38 ? codePoint - 0x30 : -1, 8);
      case HEX_IN_BRACES:
        return this.inBraces(codePoint);
      default:
        return this.named(codePoint);
    }
  }

  private afterBackslash(codePoint: number): Step {
    const letter = codePoint < 128 ? String.fromCharCode(codePoint) : '';
    if (letter !== '' && 'uUx'.includes(letter)) return this.expect(HEX, letter === 'u' ? 4 : letter === 'U' ? 8 : 2);
    if (letter >= '0' && letter <= '7') {
      this.expect(OCTAL, 3);
      return this.digit(codePoint - 0x30, 8);
    }
    return this.yield(letter !== '' && 'nrtbfv'.includes(letter) ? SPACE : codePoint);
  }

  private afterSign(codePoint: number): Step {
    if (this.state === AFTER_PERCENT && codePoint === code('u')) return this.expect(HEX, 4);
    this.expect(HEX, 2);
    return this.digit(hexDigit(codePoint), 16);
  }

  private expect(state: number, digits: number): Step {
    this.state = state;
    this.missing = digits;
    return CONSUMED;
  }

  private digit(digit: number, base: number): Step {
    if (digit < 0 || digit >= base) return this.mayOpenBraces(digit);
    this.value = this.value * base + digit;
    this.missing -= 1;
    if (this.missing > 0) return CONSUMED;
    const mustPrint = this.opener === code('=');
    return mustPrint && (this.value < SPACE || this.value > 126) ? NO_MATCH : this.yield(this.value);
  }

  /** `\u{1F600}`: the brace is what `hexDigit` gives as 16. */
  private mayOpenBraces(digit: number): Step {
    return digit === BRACE && this.body === 'u' ? this.expect(HEX_IN_BRACES, 6) : NO_MATCH;
  }

  private inBraces(codePoint: number): Step {
    if (codePoint === code('}') && this.missing < 6) return this.yield(this.value);
    const digit = hexDigit(codePoint);
    if (digit < 0 || digit >= BRACE || this.missing === 0) return NO_MATCH;
    this.value = this.value * 16 + digit;
    this.missing -= 1;
    return CONSUMED;
  }

  private named(codePoint: number): Step {
    const closer = this.state === ENTITY ? code(';') : code('>');
    if (codePoint === closer) {
      const decoded = this.state === ENTITY ? entityOf(this.body) : isFormattingTag(this.body) ? SPACE : undefined;
      return decoded === undefined ? NO_MATCH : this.yield(decoded);
    }
    const more = this.state === ENTITY ? codePoint === code('#') : codePoint === code('/') || codePoint === SPACE;
    return more || isAlphanumeric(codePoint) ? CONSUMED : NO_MATCH;
  }

  private yield(codePoint: number): Step {
    if (codePoint > LAST) return NO_MATCH;
    this.state = IDLE;
    this.feed(codePoint, this.openedAt);
    return DONE;
  }

  private reject(): void {
    const { opener, body, openedAt } = this;
    this.state = IDLE;
    this.emit(opener, openedAt);
    for (let i = 0; i < body.length; i += 1) this.emit(body.charCodeAt(i), openedAt);
  }

  private emit(codePoint: number, at: number): void {
    const high = this.highSurrogate;
    this.highSurrogate = 0;
    if (codePoint >= 0xd800 && codePoint < 0xdc00) this.highSurrogate = codePoint;
    else if (high !== 0 && codePoint >= 0xdc00 && codePoint < 0xe000) {
      this.sink.feed((high - 0xd800) * 0x400 + (codePoint - 0xdc00) + 0x10000, at);
    } else this.sink.feed(codePoint, at);
  }
}

/** 0 to 15, `BRACE` for an opening brace, else -1. */
function hexDigit(codePoint: number): number {
  if (codePoint >= 0x30 && codePoint <= 0x39) return codePoint - 0x30;
  const folded = codePoint | 0x20;
  if (folded >= 0x61 && folded <= 0x66) return folded - 0x57;
  return codePoint === 0x7b ? BRACE : -1;
}

function code(character: string): number {
  return character.charCodeAt(0);
}
