import { setImmediate } from 'node:timers/promises';
import type { UserTexts } from '../detect/user-texts';
import type { SecretIndex } from '../detect/fingerprint-index';
import { LeakDetector, type LeakHit } from '../detect/leak-detector';
import { LeakLedger } from '../detect/leak-ledger';
import { failClosed } from './fail-closed';
import { JsonScrubber, type JsonScrubberOptions } from './json-scrubber';
import { REMOVED, StreamScrubber } from './stream-scrubber';

const SLICE = 4_096;

/**
 * All output of one chat: its text, and its tool calls and actions, which are read as one text. Pieces in any of them add up, so that a
 * secret that is spread over them is found.
 */
export class OutputScrubber {
  readonly text: StreamScrubber;
  private readonly ledger = new LeakLedger();
  private values: LeakDetector | undefined;
  private closed = false;

  constructor(
    private readonly index: SecretIndex,
    private readonly userTexts: UserTexts,
    private readonly report: (hit: LeakHit) => void,
  ) {
    this.text = new StreamScrubber(new LeakDetector(index, userTexts, this.ledger), report);
  }

  /** Whether something was removed; the model must stop. */
  get leaked(): boolean {
    return this.closed || this.text.leaked;
  }

  /** Counts what earlier answers of the conversation have disclosed. */
  addEarlier(texts: readonly string[]): void {
    failClosed(() => texts.forEach((text) => this.ledger.addEarlier(this.index, text)));
  }

  /** The values of a tool call as they may leave; the names of its members are those of our schemas. */
  toolCall<T>(json: T): T {
    return failClosed(() => {
      const scrub = this.scrub(json, { skipKeys: true, continues: true, removeRest: true });
      while (!scrub.advance(SLICE));
      return this.finished(scrub);
    });
  }

  /** A tool call that an earlier request of the chat has sent. */
  replayToolCall(json: unknown): void {
    this.toolCall(json);
    this.closed ||= JSON.stringify(json).includes(REMOVED);
  }

  /** The values of all actions as they may leave. */
  actions<T>(json: T): Promise<T> {
    return this.inSlices(json, { skipKeys: true, removeRest: true });
  }

  /** Any other value: names of members are read too. */
  value<T>(json: T): Promise<T> {
    return this.inSlices(json, {});
  }

  private async inSlices<T>(json: T, options: JsonScrubberOptions): Promise<T> {
    const scrub = failClosed(() => this.scrub(json, options));
    while (!failClosed(() => scrub.advance(SLICE))) await setImmediate();
    return failClosed(() => this.finished(scrub));
  }

  private scrub<T>(json: T, options: JsonScrubberOptions): JsonScrubber<T> {
    const scrub = new JsonScrubber(json, () => this.openDetector(), options);
    if (this.closed && options.removeRest === true) scrub.removeRest();
    return scrub;
  }

  private openDetector(): LeakDetector {
    if (this.values === undefined || this.values.leakFrom !== Infinity) this.values = this.detector();
    return this.values;
  }

  private finished<T>(scrub: JsonScrubber<T>): T {
    for (const hit of scrub.hits) this.report(hit);
    const { value, leaked } = scrub.result;
    this.closed ||= leaked;
    return value;
  }

  private detector(): LeakDetector {
    return new LeakDetector(this.index, this.userTexts, this.ledger);
  }
}
