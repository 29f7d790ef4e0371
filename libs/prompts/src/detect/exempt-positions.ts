import { classOf, LETTERS, lettersOf, SEVERAL } from '../normalise/alphabet';
import type { NgramTable } from './ngram-table';
import { RollingHash } from './rolling-hash';
import { VIEW_RULES } from '../normalise/detection-thresholds';

/** A gram covers at least so many characters. */
const COVERED = VIEW_RULES.steps.gram + 1;

/** Marks the positions of every gram of a text that the secrets have too: some 25 ms for a text of 1 MB. */
export function markExempt(marks: Uint8Array, table: NgramTable, text: string): void {
  const hash = new RollingHash(VIEW_RULES.steps.gram);
  let last = -1;
  const read = (letter: number): void => {
    if (letter === last || letter >= LETTERS) return;
    const value = hash.push((letter - last + LETTERS) % LETTERS, 0);
    last = letter;
    const slot = hash.filled === hash.length ? table.find(value) : -1;
    if (slot < 0) return;
    const position = table.positionAt(slot);
    marks.fill(1, position, position + COVERED);
  };
  for (let i = 0; i < text.length; i += 1) {
    const codePoint = text.codePointAt(i) ?? 0;
    if (codePoint > 0xffff) i += 1;
    const kind = classOf(codePoint);
    if (kind < LETTERS) read(kind);
    else if (kind === SEVERAL) lettersOf(codePoint).forEach(read);
  }
}
