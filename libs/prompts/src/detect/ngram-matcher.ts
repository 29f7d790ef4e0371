import type { NgramTable } from './ngram-table';
import type { SymbolSink } from '../normalise/projections';
import { MIN_LETTER_BITS, PIECE_BITS, PIECE_GRAMS } from './leak-ledger';
import { RollingHash } from './rolling-hash';
import { PIECES, type DetectionState } from './detection-state';
import {
  HIT_BITS,
  HIT_LETTERS,
  MISS_BITS,
  RANDOM_BITS,
  RANDOM_GRAMS,
  RUN_BITS,
  RUN_LETTERS,
  SUSPECT_BITS,
  type ViewRule,
} from '../normalise/detection-thresholds';

/** Greater than every offset. */
const NONE = Infinity;

/** The engine finds a local name faster than a global one. */
const { abs, max, min } = Math;

const LONG_AGO = 1_000_000;
/** Characters within which a secret continues. */
const NEAR = 120;

/**
 * Watches one view for runs of secret grams. The score rises by the information of every newly covered symbol and
 * falls with every symbol that no gram covers (a CUSUM, Page 1954): a leak with edits adds up, chance matches fade.
 */
export class NgramMatcher implements SymbolSink {
  private readonly hash: RollingHash;
  private score = 0;
  private peak = 0;
  private covered = 0;
  private run = 0;
  private runPosition = 0;
  private lastPosition = 0;
  private lowest = NONE;
  private highest = -1;
  private startedAt = NONE;
  private sinceMatch = LONG_AGO;
  /** Positions of the current piece that are not counted yet, and its bits. */
  private readonly piece: number[] = [];
  private pieceBits = 0;
  private pieceGrams = 0;

  constructor(
    private readonly rule: ViewRule,
    private readonly table: NgramTable,
    private readonly detectionState: DetectionState,
    /** Whether pieces too short for a hit add up over the chat; one view must count them, not all. */
    private readonly countsPartialMatches = false,
  ) {
    this.hash = new RollingHash(rule.gram);
  }

  /** Where the text begins that may still turn out to be a leak. */
  get suspectFrom(): number {
    return this.startedAt;
  }

  /** Where the symbols begin that a gram may still be made of. */
  get windowFrom(): number {
    return this.hash.from;
  }

  /** @param isTelling whether the gram that ends here says something, and is not what many texts have. */
  push(symbol: number, at: number, isTelling = true): void {
    const hash = this.hash.push(symbol, at);
    if (this.hash.filled < this.rule.gram) return;
    const slot = isTelling ? this.table.find(hash) : -1;
    if (slot >= 0) this.match(slot);
    else this.miss();
  }

  reset(): void {
    this.hash.reset();
    this.settle();
    this.sinceMatch = LONG_AGO;
  }

  private match(slot: number): void {
    const position = this.table.positionAt(slot);
    if (this.detectionState.isExempt(position)) {
      this.miss();
      return;
    }
    if (this.sinceMatch > 0 && !this.continues(position)) this.settle();
    if (this.startedAt === NONE) this.startedAt = this.hash.from;
    const fresh = min(this.sinceMatch + 1, this.rule.gram);
    if (fresh > 1) this.runPosition = position;
    this.lastPosition = position;
    this.lowest = min(this.lowest, position);
    this.highest = max(this.highest, position);
    this.sinceMatch = 0;
    this.score += fresh * this.table.weightAt(slot);
    this.covered += fresh * this.rule.letters;
    this.run = fresh > 1 ? this.rule.gram * this.rule.letters : this.run + this.rule.letters;
    if (this.score > this.peak) this.peak = this.score;
    const rule = this.ruleBroken() ?? this.countPiece(position, this.table.weightAt(slot), fresh);
    if (rule !== undefined) this.detectionState.hit(rule, position, Math.round(this.covered), this.startedAt);
  }

  /** After a gap the same secret must continue: stock phrases that follow each other, or a repeated one, are no leak. */
  private continues(position: number): boolean {
    if (position >= this.lowest && position <= this.highest) return false;
    return abs(position - this.lastPosition) <= NEAR || abs(position - this.runPosition) <= NEAR;
  }

  private ruleBroken(): string | undefined {
    const several = this.run >= (this.rule.gram + RANDOM_GRAMS - 1) * this.rule.letters;
    const random = several && this.score >= this.covered * RANDOM_BITS;
    if (this.score >= HIT_BITS && (random || this.covered >= HIT_LETTERS)) return this.rule.name;
    if (this.score >= RUN_BITS && this.run >= RUN_LETTERS) return this.rule.name;
    return undefined;
  }

  /** A piece counts from the gram on at which it is no ordinary phrase any more. */
  private countPiece(position: number, weight: number, fresh: number): string | undefined {
    if (!this.countsPartialMatches) return undefined;
    if (fresh > 1) {
      this.piece.length = 0;
      this.pieceBits = 0;
      this.pieceGrams = 0;
    }
    if (weight < MIN_LETTER_BITS) return undefined;
    this.pieceBits += fresh * weight;
    this.pieceGrams += 1;
    this.piece.push(position);
    if (this.pieceBits < PIECE_BITS || this.pieceGrams < PIECE_GRAMS) return undefined;
    let isLeak = false;
    for (const counted of this.piece) isLeak = this.detectionState.addPiece(counted);
    this.piece.length = 0;
    return isLeak ? PIECES : undefined;
  }

  private miss(): void {
    if (this.startedAt === NONE) return;
    this.sinceMatch += 1;
    if (this.sinceMatch < this.rule.gram) return;
    this.score -= MISS_BITS;
    if (this.score <= 0) this.settle();
  }

  private settle(): void {
    if (this.peak >= SUSPECT_BITS) this.detectionState.suspect(this.startedAt, this.hash.from);
    this.score = 0;
    this.peak = 0;
    this.covered = 0;
    this.run = 0;
    this.lowest = NONE;
    this.highest = -1;
    this.startedAt = NONE;
    this.sinceMatch = LONG_AGO;
  }
}
