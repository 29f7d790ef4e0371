import type { SecretIndex } from './fingerprint-index';

/** Behind every place. */
const NOWHERE = Infinity;

const MAX_CRUMBS = 64;
/** Characters within which two crumbs are one. */
const SAME_PLACE = 60;

/** Characters for which a suspicion holds text back behind the suspected piece, and the most that it holds. */
const SUSPENSE = 80;
const MAX_SUSPENSE = 1_000;
const { max, min } = Math;

/** What one reading of a text knows: what is secret, what the user said himself, and whether a leak was found. */
export class DetectionState {
  /** Where the leak begins in the text that is read. */
  from = NOWHERE;
  rule = '';
  position = 0;
  /** Letters that matched. */
  length = 0;
  /** Bits of secrets in pieces that were each too short for a hit. */
  crumbs = 0;
  /** Decoders that have a text open. */
  open = 0;
  private suspectedFrom = NOWHERE;
  private suspectedUntil = -1;
  private readonly places: number[] = [];

  constructor(
    readonly index: SecretIndex,
    private readonly exempt: () => Uint8Array,
  ) {}

  get leaked(): boolean {
    return this.from !== NOWHERE;
  }

  isExempt(position: number): boolean {
    return this.exempt()[position] === 1;
  }

  /** A phrase that is repeated counts once. */
  addPartialMatch(position: number, bits: number): void {
    if (this.places.length >= MAX_CRUMBS || this.places.some((place) => Math.abs(place - position) < SAME_PLACE))
      return;
    this.places.push(position);
    this.crumbs += bits;
  }

  /** A piece that was too short for a hit: it may be the beginning of a leak that goes on behind an edit. */
  suspect(from: number, at: number): void {
    this.suspectedFrom =
      from > this.suspectedUntil || at - this.suspectedFrom > MAX_SUSPENSE ? from : min(from, this.suspectedFrom);
    this.suspectedUntil = max(this.suspectedUntil, at + max(SUSPENSE, at - from));
  }

  /** Where suspected text begins when so much has been read. */
  suspectFrom(read: number): number {
    return read <= this.suspectedUntil ? this.suspectedFrom : NOWHERE;
  }

  hit(rule: string, position: number, length: number, from: number): void {
    if (this.leaked) return;
    this.rule = rule;
    this.position = position;
    this.length = length;
    this.from = from <= this.suspectedUntil ? min(from, this.suspectedFrom) : from;
  }
}
