import type { CompiledLexicon } from './compiled-lexicon';
import type { Token } from './tokens';

/**
 * A clause that is taken apart piece by piece: what one slot extracted, the later ones do not see. What is quoted or
 * an id is a single token and never read as words.
 */
export class MaskedText {
  private readonly extracted: boolean[];

  constructor(
    readonly text: string,
    readonly tokens: readonly Token[],
    readonly lexicon: CompiledLexicon,
  ) {
    this.extracted = tokens.map(() => false);
  }

  copy(): MaskedText {
    const copied = new MaskedText(this.text, this.tokens, this.lexicon);
    this.extracted.forEach((extracted, at) => extracted && copied.extract(at, at + 1));
    return copied;
  }

  isFree(at: number): boolean {
    return at >= 0 && at < this.tokens.length && this.extracted[at] === false;
  }

  areFree(start: number, end: number): boolean {
    for (let at = start; at < end; at += 1) if (!this.isFree(at)) return false;
    return true;
  }

  extract(start: number, end: number): void {
    for (let at = Math.max(0, start); at < Math.min(end, this.tokens.length); at += 1) this.extracted[at] = true;
  }

  release(start: number, end: number): void {
    for (let at = Math.max(0, start); at < Math.min(end, this.tokens.length); at += 1) this.extracted[at] = false;
  }

  /** The first quoted token that no slot took. */
  quote(from = 0): number | undefined {
    const at = this.tokens.findIndex((token, index) => index >= from && token.kind === 'quote' && this.isFree(index));
    return at < 0 ? undefined : at;
  }

  word(at: number): string {
    return this.tokens[at]?.word ?? '';
  }

  /** As it was written, from one token to behind the last one, whatever was extracted. */
  slice(start: number, end: number): string {
    const first = this.tokens[start];
    const last = this.tokens[Math.min(end, this.tokens.length) - 1];
    return first && last && first.start < last.end ? this.text.slice(first.start, last.end) : '';
  }

  /** What no slot took, in the original spelling; runs are joined by a space. */
  remaining(from = 0, to = this.tokens.length): string {
    const runs: string[] = [];
    let start: number | undefined;
    for (let at = from; at <= to; at += 1) {
      const free = at < to && this.isFree(at);
      if (free && start === undefined) start = at;
      if (!free && start !== undefined) {
        runs.push(this.slice(start, at));
        start = undefined;
      }
    }
    return runs
      .join(' ')
      .replace(/[^\S\n]+/g, ' ')
      .trim();
  }

  /** The next free token at or behind `from`. */
  firstFree(from = 0): number {
    let at = from;
    while (at < this.tokens.length && !this.isFree(at)) at += 1;
    return at;
  }
}
