/** Steps between letters in a short gram: five letters. */
const GRAM = 4;
const STEPS = 26;
const GRAMS = STEPS ** GRAM;
/** Maximum letters of a prefix; longer ones are matched by the views. */
const MAX_LENGTH = 12;

/** Which short grams the secrets have, one bit each. */
export class ShortNgrams {
  private readonly bits = new Uint8Array(Math.ceil(GRAMS / 8));

  add(steps: readonly number[]): void {
    let gram = 0;
    steps.forEach((step, i) => {
      gram = (gram * STEPS + step) % GRAMS;
      if (i >= GRAM - 1) this.bits[gram >> 3] = (this.bits[gram >> 3] ?? 0) | (1 << (gram & 7));
    });
  }

  has(gram: number): boolean {
    return (((this.bits[gram >> 3] ?? 0) >> (gram & 7)) & 1) === 1;
  }
}

/** Letters of a secret that may leave: few words of ordinary text begin one for longer, so ordinary text is not held back. */
const FREE = 8;
/** Letters that are written further apart than this are spelt out or escaped, and fewer of them may leave. */
const SPARSE = 3;
const SPARSE_CHARACTERS = 12;

/** How much of the end of a text may be the beginning of a secret, as far as its short grams tell. */
export class PrefixHoldback {
  private readonly places = new Int32Array(MAX_LENGTH);
  private gram = 0;
  private count = 0;
  private run = 0;

  constructor(private readonly grams: ShortNgrams) {}

  /** Where that end begins, `Infinity` while it is too short to matter. `read` is the last place that was read. */
  from(read: number): number {
    if (this.run + GRAM < FREE && !this.sparse(read)) return Infinity;
    return this.place(Math.min(this.count, this.run + GRAM, MAX_LENGTH));
  }

  /** `at` is the offset of the letter that the step starts from. */
  push(step: number, at: number): void {
    this.places[this.count % MAX_LENGTH] = at;
    this.count += 1;
    this.gram = (this.gram * STEPS + step) % GRAMS;
    this.run = this.count >= GRAM && this.grams.has(this.gram) ? this.run + 1 : 0;
  }

  private sparse(read: number): boolean {
    return this.count >= SPARSE && read - this.place(SPARSE) >= SPARSE_CHARACTERS;
  }

  private place(lettersBack: number): number {
    return this.places[(this.count - lettersBack) % MAX_LENGTH] ?? 0;
  }
}
