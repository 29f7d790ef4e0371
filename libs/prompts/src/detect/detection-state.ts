import type { SecretIndex } from './fingerprint-index';
import type { LeakLedger } from './leak-ledger';

/** Greater than every offset. */
const NONE = Infinity;

/** Characters after a suspected piece during which text is held back, and the maximum of held characters. */
const HOLDBACK = 80;
const MAX_HOLDBACK = 1_000;
/** The rule of pieces that are each too short for a hit. */
export const PIECES = 'pieces';
const { max, min } = Math;

/** State of one scan: the secrets, the exempt texts of the user, partial matches, and whether a leak was found. */
export class DetectionState {
  /** Where the leak begins in the text that is read. */
  from = NONE;
  rule = '';
  position = 0;
  /** Letters that matched. */
  length = 0;
  /** Decoders that have a text open. */
  open = 0;
  private suspectedFrom = NONE;
  private suspectedUntil = -1;

  constructor(
    readonly index: SecretIndex,
    private readonly exempt: () => Uint8Array,
    private readonly ledger: LeakLedger,
  ) {}

  get leaked(): boolean {
    return this.from !== NONE;
  }

  isExempt(position: number): boolean {
    return this.exempt()[position] === 1;
  }

  /** Counts a gram of a piece that is too short for a hit; returns whether the pieces of the whole chat are a leak. */
  addPiece(position: number): boolean {
    this.ledger.cover(this.index.text, this.index.text.ordinalAt(position));
    return this.ledger.isExceeded;
  }

  /** Takes a short gram; returns whether the pieces of the whole chat continue each other so far that they are a leak. */
  addSeed(ordinal: number, bitsALetter: number, adjacent: boolean): boolean {
    return this.ledger.chain(ordinal, bitsALetter, adjacent);
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
