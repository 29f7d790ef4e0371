import type { SecretIndex } from './fingerprint-index';

/** Greater than every offset. */
const NONE = Infinity;

const MAX_PARTIAL_MATCHES = 64;
/** Characters within which two partial matches count once. */
const SAME_PLACE = 60;

/** Characters after a suspected piece during which text is held back, and the maximum of held characters. */
const HOLDBACK = 80;
const MAX_HOLDBACK = 1_000;
const { max, min } = Math;

/** State of one scan: the secrets, the exempt texts of the user, partial matches, and whether a leak was found. */
export class DetectionState {
  /** Where the leak begins in the text that is read. */
  from = NONE;
  rule = '';
  position = 0;
  /** Letters that matched. */
  length = 0;
  /** Bits of secrets in pieces that were each too short for a hit. */
  partialMatchBits = 0;
  /** Decoders that have a text open. */
  open = 0;
  private suspectedFrom = NONE;
  private suspectedUntil = -1;
  private readonly places: number[] = [];

  constructor(
    readonly index: SecretIndex,
    private readonly exempt: () => Uint8Array,
  ) {}

  get leaked(): boolean {
    return this.from !== NONE;
  }

  isExempt(position: number): boolean {
    return this.exempt()[position] === 1;
  }

  /** A phrase that is repeated counts once. */
  addPartialMatch(position: number, bits: number): void {
    if (
      this.places.length >= MAX_PARTIAL_MATCHES ||
      this.places.some((place) => Math.abs(place - position) < SAME_PLACE)
    )
      return;
    this.places.push(position);
    this.partialMatchBits += bits;
  }

  /** A piece that was too short for a hit: it may begin a leak that continues after an edit. */
  suspect(from: number, at: number): void {
    this.suspectedFrom =
      from > this.suspectedUntil || at - this.suspectedFrom > MAX_HOLDBACK ? from : min(from, this.suspectedFrom);
    this.suspectedUntil = max(this.suspectedUntil, at + max(HOLDBACK, at - from));
  }

  /** Where suspected text begins when so much has been read. */
  suspectFrom(read: number): number {
    return read <= this.suspectedUntil ? this.suspectedFrom : NONE;
  }

  hit(rule: string, position: number, length: number, from: number): void {
    if (this.leaked) return;
    this.rule = rule;
    this.position = position;
    this.length = length;
    this.from = from <= this.suspectedUntil ? min(from, this.suspectedFrom) : from;
  }
}
