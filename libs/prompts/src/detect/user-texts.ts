import { markExempt } from './exempt-positions';
import type { SecretIndex } from './fingerprint-index';

/**
 * What the user sent in this request. It is no secret, also where a prompt has the same words: pieces at least as long
 * as the detector's grams are exempt, wherever and however they are written. Read only when a first gram matches.
 */
export class UserTexts {
  private readonly texts: string[] = [];
  private marks: Uint8Array | undefined;
  private markedIn: SecretIndex | undefined;
  private read = 0;

  constructor(texts: readonly string[] = []) {
    this.texts.push(...texts);
  }

  /** Adds every string of a JSON value, keys too: results of client tools come from the user as well. */
  add(json: unknown): this {
    const queue: unknown[] = [json];
    while (queue.length > 0) {
      const item = queue.pop();
      if (typeof item === 'string') this.texts.push(item);
      else if (typeof item === 'object' && item !== null) {
        for (const [key, value] of Object.entries(item)) queue.push(key, value);
      }
    }
    return this;
  }

  /** A mark for every position of the secrets that a text of the user covers. */
  marksIn(index: SecretIndex): Uint8Array {
    if (this.marks === undefined || this.markedIn !== index) {
      this.marks = index.open.slice();
      this.markedIn = index;
      this.read = 0;
    }
    for (; this.read < this.texts.length; this.read += 1) {
      const text = this.texts[this.read] ?? '';
      markExempt(this.marks, index.tables.steps, text);
      index.words.markExempt(this.marks, text);
    }
    return this.marks;
  }
}
