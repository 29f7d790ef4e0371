import { LETTERS } from '../normalise/alphabet';
import { VIEW_RULES } from '../normalise/detection-thresholds';
import type { DetectionState } from './detection-state';
import { NgramMatcher } from './ngram-matcher';

/** Letters that are taken out of a text, read as a text of their own, in any shift of the alphabet; a repeated letter counts once. */
export class LetterLane {
  private readonly matcher: NgramMatcher;
  private last = -1;

  constructor(detectionState: DetectionState) {
    this.matcher = new NgramMatcher(VIEW_RULES.steps, detectionState.index.tables.steps, detectionState);
  }

  get suspectFrom(): number {
    return this.matcher.suspectFrom;
  }

  push(letter: number, at: number): void {
    if (letter === this.last) return;
    if (this.last >= 0) this.matcher.push((letter - this.last + LETTERS) % LETTERS, at);
    this.last = letter;
  }
}
