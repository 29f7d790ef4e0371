import type { NgramTable } from './ngram-table';
import type { SymbolSink } from '../normalise/projections';
import { PrefixHoldback } from './prefix-holdback';
import { RollingHash } from './rolling-hash';
import { PIECES, type DetectionState } from './detection-state';
import type { ViewRule } from '../normalise/detection-thresholds';

const { abs, min, sign } = Math;
/** Greater than every offset. */
const NONE = Infinity;

/** Chains that are followed concurrently. */
const CHAINS = 4;
/** Letters between two seeds of a chain, at most, and by how many the two texts may be out of step there. */
const REACH = 40;
const SLACK = 14;
/** What a jump, and each letter between two seeds, takes away in bits. */
const JUMP_BITS = 2;
const GAP_BITS = 0.3;
/** Bits from which a chain is worth holding text back for, and from which it is a leak. */
const SUSPECT_BITS = 22;
const HIT_BITS = 40;
const HIT_LETTERS = 28;

/** Seeds that follow each other in the text as in one secret. Times count letters of the text, ordinals letters of the secrets. */
interface Chain {
  time: number;
  ordinal: number;
  /** 1 forwards, -1 backwards, 0 not known yet. */
  direction: number;
  score: number;
  covered: number;
  from: number;
}

/**
 * Seed and chain (as BLAST does, Altschul et al. 1990): short grams that stand in the same order and at like distances
 * as in one secret add up, so that a leak with changed, dropped or misspelt words is found too.
 */
export class SeedChainMatcher implements SymbolSink {
  private readonly hash: RollingHash;
  private readonly chains: readonly Chain[];
  private readonly prefixHoldback: PrefixHoldback;
  private time = 0;
  private live = false;
  /** When the last seed was read. */
  private seedTime = -1;

  constructor(
    private readonly rule: ViewRule,
    private readonly table: NgramTable,
    private readonly detectionState: DetectionState,
  ) {
    this.hash = new RollingHash(rule.gram);
    this.prefixHoldback = new PrefixHoldback(detectionState.index.shortNgrams);
    this.chains = Array.from({ length: CHAINS }, emptyChain);
  }

  /** Where the letters begin that may be the beginning of a secret; `read` is the last place that was read. */
  prefixFrom(read: number): number {
    return this.prefixHoldback.from(read);
  }

  /** Where the text begins that may still turn out to be a leak. */
  get suspectFrom(): number {
    if (!this.live) return NONE;
    let from = NONE;
    for (const chain of this.chains) {
      if (chain.score >= SUSPECT_BITS && this.time - chain.time <= REACH && chain.from < from) from = chain.from;
    }
    return from;
  }

  push(symbol: number, at: number): void {
    this.time += 1;
    this.prefixHoldback.push(symbol, at);
    const hash = this.hash.push(symbol, at);
    const slot = this.hash.filled < this.rule.gram ? -1 : this.table.find(hash);
    if (slot < 0) return;
    const position = this.table.positionAt(slot);
    if (!this.detectionState.isExempt(position)) this.seed(position, this.table.weightAt(slot));
  }

  reset(): void {
    this.hash.reset();
    for (const chain of this.chains) Object.assign(chain, emptyChain());
    this.live = false;
  }

  private seed(position: number, weight: number): void {
    this.live = true;
    const ordinal = this.detectionState.index.text.ordinalAt(position);
    const adjacent = this.time - this.seedTime === 1;
    this.seedTime = this.time;
    if (this.detectionState.addSeed(ordinal, weight, adjacent))
      this.detectionState.hit(PIECES, position, this.rule.gram + 1, this.hash.from);
    const chain = this.fitting(ordinal);
    const distance = this.time - chain.time;
    const fresh = min(distance, this.rule.gram);
    if (distance > 1) chain.score -= chain.covered === 0 ? 0 : JUMP_BITS + (distance - fresh) * GAP_BITS;
    chain.score += fresh * weight;
    chain.covered += fresh;
    if (chain.covered > fresh) chain.direction = sign(ordinal - chain.ordinal);
    chain.time = this.time;
    chain.ordinal = ordinal;
    if (chain.score < HIT_BITS || chain.covered < HIT_LETTERS) return;
    this.detectionState.hit(this.rule.name, position, chain.covered, chain.from);
  }

  /** The chain that a seed continues, else the weakest one, restarted. */
  private fitting(ordinal: number): Chain {
    let weakest: Chain | undefined;
    for (const chain of this.chains) {
      const distance = this.time - chain.time;
      if (distance > REACH) chain.score = 0;
      else if (continues(chain, ordinal, distance)) return chain;
      if (weakest === undefined || chain.score < weakest.score) weakest = chain;
    }
    return Object.assign(weakest ?? emptyChain(), { ...emptyChain(), from: this.hash.from });
  }
}

function continues(chain: Chain, ordinal: number, distance: number): boolean {
  const way = ordinal - chain.ordinal;
  if (way === 0 || way * chain.direction < 0) return false;
  return abs(abs(way) - distance) <= min(SLACK, distance);
}

function emptyChain(): Chain {
  return { time: -REACH - 1, ordinal: 0, direction: 0, score: 0, covered: 0, from: NONE };
}
