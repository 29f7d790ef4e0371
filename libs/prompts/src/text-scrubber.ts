/** What stands where a prompt would have stood. */
export const REMOVED = '[removed]';

/** Cleans one stream of text. After a hit `[removed]` is emitted once and nothing follows it. */
export interface TextScrubber {
  /** Takes what the model said next; returns what may leave now (often less, sometimes more). */
  push(chunk: string): string;
  /** Returns what was still held back. */
  end(): string;
  readonly leaked: boolean;
}
