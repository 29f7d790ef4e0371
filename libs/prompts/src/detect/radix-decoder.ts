import { DecodedCandidate, type InnerReaders } from './decoded-candidate';

const { min } = Math;

/** An encoding that writes blocks of bytes as blocks of symbols, most significant first. */
interface Radix {
  /** The value of each ASCII character, -1 for those of no symbol. */
  readonly values: Int8Array;
  readonly base: number;
  readonly symbols: number;
  readonly bytes: number;
  /** What the first symbol of a block counts in its first byte. */
  readonly byteOfSymbol: number;
  /** Symbols in a row from which they are decoded: more than a word has. */
  readonly minSymbols: number;
}

const DIGITS = '0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const LOWER = UPPER.toLowerCase();

/** Base32 (RFC 4648), its hexadecimal form, Crockford's; Ascii85, Z85, base85 of Git; uuencode. */
const RADIXES: readonly Radix[] = [
  ...[`${UPPER}234567`, `${DIGITS}ABCDEFGHIJKLMNOPQRSTUV`, `${DIGITS}ABCDEFGHJKMNPQRSTVWXYZ`].map((alphabet) => ({
    values: valuesOf(alphabet, alphabet.toLowerCase()),
    base: 32,
    symbols: 8,
    bytes: 5,
    byteOfSymbol: 8,
    minSymbols: 16,
  })),
  ...[
    characters(33, 85),
    `${DIGITS}${LOWER}${UPPER}.-:+=^!/*?&<>()[]{}@%$#`,
    `${DIGITS}${UPPER}${LOWER}!#$%&()*+-;<=>?@^_\`{|}~`,
  ].map((alphabet) => ({
    values: valuesOf(alphabet),
    base: 85,
    symbols: 5,
    bytes: 4,
    byteOfSymbol: 85 ** 4 / 256 ** 3,
    minSymbols: 20,
  })),
  { values: valuesOf(`\`${characters(33, 63)}`), base: 64, symbols: 4, bytes: 3, byteOfSymbol: 4, minSymbols: 20 },
];

const SPACE = 0x20;
const LAST_PRINTABLE = 0x7e;
/** In groups of equal length; ordinary words are shorter or differ. */
const MIN_GROUP = 4;
/** Base32 is written in one case. */
const BOTH_CASES = 3;
const WORD = 2 ** 32;

/** Characters that are kept: of the longest block of symbols. */
const KEPT = 8;
const MIN_SYMBOLS = Math.min(...RADIXES.map(({ minSymbols }) => minSymbols));

/** Reads each encoding at each alignment. Groups of equal length, as in `JBSW Y3DP`, are one row of symbols. */
export class RadixDecoder {
  private readonly recent = new Uint8Array(KEPT);
  private readonly places = new Int32Array(KEPT);
  /** Made when an encoding is first seen. */
  private readonly lanes = RADIXES.map((): DecodedCandidate[] => []);
  /** Symbols that were read, and those of the row. */
  private read = 0;
  private count = 0;
  private cases = 0;
  private group = 0;
  private lastGroup = 0;

  constructor(private readonly readers: InnerReaders) {}

  get holdFrom(): number {
    let from = Infinity;
    for (const lanes of this.lanes) for (const lane of lanes) from = min(from, lane.holdFrom);
    return from;
  }

  feed(codePoint: number, at: number): void {
    if (codePoint <= SPACE || codePoint > LAST_PRINTABLE) return this.separate();
    this.read += 1;
    this.group += 1;
    if (this.group > this.lastGroup && this.lastGroup < MIN_SYMBOLS) this.beginRow();
    else this.count += 1;
    if (this.count < KEPT) return;
    const slot = this.read & (KEPT - 1);
    this.recent[slot] = codePoint;
    this.places[slot] = at;
    this.cases |= caseOf(codePoint);
    if (this.count < MIN_SYMBOLS) return;
    for (let i = 0; i < RADIXES.length; i += 1) {
      const radix = RADIXES[i];
      if (radix && this.count >= radix.minSymbols && (radix.base > 36 || this.cases < BOTH_CASES))
        this.decode(radix, i);
    }
  }

  end(): void {
    this.endLanes();
    this.group = 0;
    this.lastGroup = 0;
  }

  private separate(): void {
    if (this.group === 0) return;
    const mayContinue = this.group >= MIN_GROUP && this.group >= this.lastGroup;
    if (!mayContinue && this.count >= MIN_SYMBOLS) this.endLanes();
    this.lastGroup = mayContinue ? this.group : 0;
    this.group = 0;
  }

  private endLanes(): void {
    for (const lanes of this.lanes) for (const lane of lanes) lane.end();
    this.count = 0;
  }

  /** A group that is longer than the one before has nothing to do with it. */
  private beginRow(): void {
    this.lastGroup = 0;
    this.count = this.group;
    if (this.count < KEPT) this.cases = 0;
  }

  private decode(radix: Radix, number: number): void {
    const { values, base, symbols, bytes } = radix;
    const first = this.read - symbols + 1;
    const from = first & (KEPT - 1);
    const lead = values[this.recent[from] ?? 0] ?? -1;
    const lane = this.lanes[number]?.[this.count % symbols];
    if (lead < 0 || (lane?.idle !== false && !mayBeText(radix, lead))) return;
    let block = lead;
    for (let i = first + 1; i <= this.read; i += 1) {
      const value = values[this.recent[i & (KEPT - 1)] ?? 0] ?? -1;
      if (value < 0) return;
      block = block * base + value;
    }
    const at = this.places[from] ?? 0;
    const into = lane ?? this.makeLane(number, symbols);
    if (bytes > 4) into?.push(Math.floor(block / WORD), at);
    const low = block >>> 0;
    for (let shift = (min(bytes, 4) - 1) * 8; shift >= 0; shift -= 8) into?.push((low >>> shift) & 255, at);
  }

  private makeLane(number: number, symbols: number): DecodedCandidate | undefined {
    const lanes = this.lanes[number] ?? [];
    lanes.push(...Array.from({ length: symbols }, () => new DecodedCandidate(this.readers)));
    return lanes[this.count % symbols];
  }
}

/** Whether the first byte of a block with this first symbol may be text; others begin no text. */
function mayBeText({ byteOfSymbol }: Radix, lead: number): boolean {
  return (lead + 1) * byteOfSymbol > SPACE && lead * byteOfSymbol <= LAST_PRINTABLE;
}

/** 1 for an upper-case letter, 2 for a lower-case one. */
function caseOf(codePoint: number): number {
  if (codePoint >= 0x61 && codePoint <= 0x7a) return 2;
  return codePoint >= 0x41 && codePoint <= 0x5a ? 1 : 0;
}

function valuesOf(...alphabets: readonly string[]): Int8Array {
  const values = new Int8Array(128).fill(-1);
  for (const alphabet of alphabets) for (let i = 0; i < alphabet.length; i += 1) values[alphabet.charCodeAt(i)] = i;
  return values;
}

function characters(first: number, count: number): string {
  return String.fromCharCode(...Array.from({ length: count }, (_, i) => first + i));
}
