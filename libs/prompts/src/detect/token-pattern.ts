import { VIEW_RULES } from '../normalise/detection-thresholds';
import { MAX_DISTANCE } from '../normalise/projections';
import type { DetectionState } from './detection-state';
import { NgramMatcher } from './ngram-matcher';

const { min } = Math;
const WINDOW = (1 << VIEW_RULES.pattern.gram) - 1;
const SLOTS = 256;
/** A gram of letters repeats some of them; any words that do not repeat look like letters that do not. */
const MIN_REPEATED = 4;

/**
 * Texts in which each letter is written as a word, number or sign of its own, whatever represents which: how far back the same token was used is
 * then the same as for the letters. `20 8 5`, `Tango Hotel Echo`, `AABBA BAABA`.
 */
export class TokenPattern {
  private readonly matcher: NgramMatcher;
  private readonly hashes = new Int32Array(SLOTS);
  private readonly times = new Int32Array(SLOTS);
  private before = 0;
  private time = 0;
  /** One bit for each token of the gram. */
  private repeats = 0;

  constructor(detectionState: DetectionState) {
    this.matcher = new NgramMatcher(VIEW_RULES.pattern, detectionState.index.tables.pattern, detectionState);
  }

  get holdFrom(): number {
    return this.matcher.suspectFrom;
  }

  /** Takes the hash of a token. One that is repeated counts once, as a letter does. */
  push(hash: number, at: number): void {
    if (hash === this.before) return;
    this.before = hash;
    this.time += 1;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const distance = this.hashes[slot] === hash ? this.time - (this.times[slot] ?? 0) : MAX_DISTANCE;
    this.hashes[slot] = hash;
    this.times[slot] = this.time;
    this.repeats = ((this.repeats << 1) | (distance < MAX_DISTANCE ? 1 : 0)) & WINDOW;
    this.matcher.push(min(MAX_DISTANCE, distance), at, ones(this.repeats) >= MIN_REPEATED);
  }
}

function ones(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}
