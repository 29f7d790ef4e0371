import type { UserTexts } from './user-texts';
import type { SecretIndex } from './fingerprint-index';
import { LeakLedger } from './leak-ledger';
import { TextScanner } from './text-scanner';
import { DetectionState, PIECES } from './detection-state';

/** What may be logged of a leak: never the text. `length` counts letters that matched. */
export interface LeakHit {
  readonly rule: string;
  readonly promptId: string;
  readonly length: number;
}

/** Reads on as the text comes; holds back only what may still become a leak. Places count UTF-16 units from the start. */
export class LeakDetector {
  private readonly detectionState: DetectionState;
  private readonly reader: TextScanner;
  private read = 0;
  private high = 0;

  constructor(
    private readonly index: SecretIndex,
    userTexts: UserTexts,
    ledger = new LeakLedger(),
  ) {
    this.detectionState = new DetectionState(index, () => userTexts.marksIn(index), ledger);
    this.reader = new TextScanner(this.detectionState);
  }

  /** UTF-16 units that have been read. */
  get position(): number {
    return this.read;
  }

  /** Where a leak begins; `Infinity` while there is none. */
  get leakFrom(): number {
    const { from, rule } = this.detectionState;
    // Pieces end anywhere, so nothing that is still held back may leave.
    return rule === PIECES ? Math.min(from, this.safeUntil) : from;
  }

  /** Everything before this place may leave. */
  get safeUntil(): number {
    return Math.min(
      this.reader.holdFrom,
      this.detectionState.suspectFrom(this.read),
      this.high === 0 ? this.read : this.read - 1,
    );
  }

  get hit(): LeakHit {
    const { rule, position, length } = this.detectionState;
    return { rule, promptId: this.index.text.ownerOf(position), length };
  }

  /** Reads a piece of the text; returns whether a leak is in what was read. */
  feed(text: string, from = 0, until = text.length): boolean {
    for (let i = from; i < until && !this.detectionState.leaked; i += 1) this.unit(text.charCodeAt(i));
    return this.detectionState.leaked;
  }

  end(): boolean {
    this.reader.end();
    return this.detectionState.leaked;
  }

  private unit(unit: number): void {
    const at = this.read;
    this.read += 1;
    const high = this.high;
    this.high = 0;
    if (unit >= 0xd800 && unit < 0xdc00) this.high = unit;
    else if (high !== 0 && unit >= 0xdc00 && unit < 0xe000) {
      this.reader.feed((high - 0xd800) * 0x400 + (unit - 0xdc00) + 0x10000, at - 1);
    } else this.reader.feed(unit, at);
  }
}
