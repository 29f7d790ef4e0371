import { DecodedCandidate, type InnerReaders } from './decoded-candidate';
import { isLetter } from '../normalise/ascii';

const { min } = Math;
const BASE64 = table('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
BASE64['-'.charCodeAt(0)] = 62;
BASE64['_'.charCodeAt(0)] = 63;
const HEX = table('0123456789abcdef');
'ABCDEF'.split('').forEach((digit, i) => (HEX[digit.charCodeAt(0)] = 10 + i));

/** Base64 and its URL form, forwards and backwards, at each alignment; whatever is not of the alphabet is passed over. */
export class Base64Decoder {
  private readonly lanes: readonly DecodedCandidate[];
  private readonly reversed: readonly DecodedCandidate[];
  private readonly places = new Int32Array(4);
  private forward = 0;
  private backward = 0;
  private count = 0;

  /** @param bothWays also backwards. */
  constructor(
    readers: InnerReaders,
    private readonly bothWays: boolean,
  ) {
    this.lanes = runs(4, readers);
    this.reversed = runs(bothWays ? 4 : 0, readers);
  }

  get holdFrom(): number {
    return min(earliest(this.lanes), earliest(this.reversed));
  }

  feed(codePoint: number, at: number): void {
    const value = BASE64[codePoint] ?? -1;
    if (value < 0) return;
    this.forward = ((this.forward << 6) | value) & 0xffffff;
    if (this.bothWays) this.backward = (this.backward >>> 6) | (value << 18);
    this.places[this.count & 3] = at;
    this.count += 1;
    if (this.count < 4) return;
    const lane = this.count & 3;
    const from = this.places[lane] ?? at;
    three(this.lanes[lane], this.forward >>> 16, (this.forward >>> 8) & 255, this.forward & 255, from);
    if (this.bothWays)
      three(this.reversed[lane], this.backward & 255, (this.backward >>> 8) & 255, this.backward >>> 16, from);
  }

  end(): void {
    for (const run of [...this.lanes, ...this.reversed]) run.end();
  }
}

const HEX_HELD = 4;

/** Pairs of hexadecimal digits, with or without signs between them, in either order of digits and of text. */
export class HexDecoder {
  private readonly lanes: readonly DecodedCandidate[];
  private readonly swapped: readonly DecodedCandidate[];
  private last = 0;
  private lastAt = 0;
  private count = 0;

  constructor(readers: InnerReaders) {
    this.lanes = runs(2, readers, HEX_HELD);
    this.swapped = runs(2, readers, HEX_HELD);
  }

  get holdFrom(): number {
    return min(earliest(this.lanes), earliest(this.swapped));
  }

  feed(codePoint: number, at: number): void {
    const digit = HEX[codePoint] ?? -1;
    if (digit >= 0) this.digit(digit, at);
    else if (this.count > 0 && isLetter(codePoint)) this.break();
  }

  end(): void {
    for (const run of [...this.lanes, ...this.swapped]) run.end();
  }

  private digit(digit: number, at: number): void {
    if (this.count > 0) {
      this.lanes[this.count & 1]?.push((this.last << 4) | digit, this.lastAt);
      this.swapped[this.count & 1]?.push((digit << 4) | this.last, this.lastAt);
    }
    this.last = digit;
    this.lastAt = at;
    this.count += 1;
  }

  private break(): void {
    this.count = 0;
    for (const run of this.lanes) run.break();
    for (const run of this.swapped) run.break();
  }
}

function three(run: DecodedCandidate | undefined, first: number, second: number, third: number, at: number): void {
  run?.push(first, at);
  run?.push(second, at);
  run?.push(third, at);
}

function runs(count: number, readers: InnerReaders, heldAt?: number): readonly DecodedCandidate[] {
  return Array.from({ length: count }, () => new DecodedCandidate(readers, heldAt));
}

function earliest(lanes: readonly DecodedCandidate[]): number {
  let from = Infinity;
  for (const lane of lanes) from = min(from, lane.holdFrom);
  return from;
}

function table(alphabet: string): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < alphabet.length; i += 1) values[alphabet.charCodeAt(i)] = i;
  return values;
}
