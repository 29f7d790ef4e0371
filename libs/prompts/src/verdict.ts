import type { SecretIndex } from './secret-index';

/** What one reading of a text knows: what is secret, what the user said himself, and whether a leak was found. */
export class Verdict {
  /** Where the leak begins in the text that is read. */
  from = Infinity;
  rule = '';
  position = 0;
  /** Letters that matched. */
  length = 0;
  /** Bits of secrets in pieces that were each too short for a hit. */
  crumbs = 0;
  /** Decoders that have a text open. */
  open = 0;

  constructor(
    readonly index: SecretIndex,
    private readonly exempt: () => Uint8Array,
  ) {}

  get leaked(): boolean {
    return this.from !== Infinity;
  }

  isExempt(position: number): boolean {
    return this.exempt()[position] === 1;
  }

  hit(rule: string, position: number, length: number, from: number): void {
    if (this.leaked) return;
    this.rule = rule;
    this.position = position;
    this.length = length;
    this.from = from;
  }
}
