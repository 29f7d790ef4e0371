import type { GramTable } from './gram-table';
import { Lens, type SymbolSink } from './lens';
import { RollingHash } from './rolling-hash';
import { VIEW_RULES } from './views';

/** A gram covers at least so many characters. */
const COVERED = VIEW_RULES.steps.gram + 1;

/** Marks the positions of every gram of a text that the secrets have too. */
export function mark(marks: Uint8Array, table: GramTable, text: string): void {
  const hash = new RollingHash(VIEW_RULES.steps.gram, 0);
  const steps: SymbolSink = {
    push: (symbol, at) => {
      const value = hash.push(symbol, at);
      const slot = hash.filled === hash.length ? table.find(value) : -1;
      if (slot < 0) return;
      const position = table.positionAt(slot);
      marks.fill(1, position, position + COVERED);
    },
  };
  const deaf: SymbolSink = { push: () => undefined };
  const lens = new Lens({ steps, consonants: deaf, leet: deaf, ascii: deaf, pattern: deaf });
  for (let i = 0; i < text.length; i += 1) {
    const codePoint = text.codePointAt(i) ?? 0;
    if (codePoint > 0xffff) i += 1;
    lens.feed(codePoint, i);
  }
}
