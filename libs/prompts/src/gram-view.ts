import type { GramTable } from './gram-table';
import type { SymbolSink } from './lens';
import { RollingHash } from './rolling-hash';
import type { Verdict } from './verdict';
import { CRUMB_BITS, CRUMBS_BITS, HIT_BITS, HIT_LETTERS, MISS_BITS, type ViewRule } from './views';

const LONG_AGO = 1_000_000;

/**
 * Watches one view for runs of secret grams. The score rises by the information of every newly covered symbol and
 * falls with every symbol that no gram covers (a CUSUM, Page 1954): a leak with edits adds up, chance matches fade.
 */
export class GramView implements SymbolSink {
  private readonly hash: RollingHash;
  private score = 0;
  private peak = 0;
  private covered = 0;
  private startedAt = Infinity;
  private sinceMatch = LONG_AGO;

  constructor(
    private readonly rule: ViewRule,
    private readonly table: GramTable,
    private readonly verdict: Verdict,
  ) {
    this.hash = new RollingHash(rule.gram, 0);
  }

  /** Where the text begins that may still turn out to be a leak. */
  get suspectFrom(): number {
    return this.startedAt;
  }

  /** Where the symbols begin that a gram may still be made of. */
  get windowFrom(): number {
    return this.hash.from;
  }

  push(symbol: number, at: number): void {
    const hash = this.hash.push(symbol, at);
    if (this.hash.filled < this.rule.gram) return;
    const slot = this.table.find(hash);
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
    if (this.verdict.isExempt(position)) {
      this.miss();
      return;
    }
    if (this.startedAt === Infinity) this.startedAt = this.hash.from;
    const fresh = Math.min(this.sinceMatch + 1, this.rule.gram);
    this.sinceMatch = 0;
    this.score += fresh * this.table.weightAt(slot);
    this.covered += fresh * this.rule.letters;
    if (this.score > this.peak) this.peak = this.score;
    if (this.isLeak()) this.verdict.hit(this.rule.name, position, Math.round(this.covered), this.startedAt);
  }

  private isLeak(): boolean {
    const whole = this.score >= HIT_BITS && this.covered >= HIT_LETTERS;
    return whole || (this.peak >= CRUMB_BITS && this.verdict.crumbs + this.peak >= CRUMBS_BITS);
  }

  private miss(): void {
    if (this.startedAt === Infinity) return;
    this.sinceMatch += 1;
    if (this.sinceMatch < this.rule.gram) return;
    this.score -= MISS_BITS;
    if (this.score <= 0) this.settle();
  }

  private settle(): void {
    if (this.peak >= CRUMB_BITS) this.verdict.crumbs += this.peak;
    this.score = 0;
    this.peak = 0;
    this.covered = 0;
    this.startedAt = Infinity;
    this.sinceMatch = LONG_AGO;
  }
}
