/** Steps between letters in a short gram: five letters. */
const GRAM = 4;
const STEPS = 26;
const GRAMS = STEPS ** GRAM;
/** The most that a prelude may be long: then the grams of the views have their say. */
const LONGEST = 12;

/** Which short grams the secrets have, one bit each. */
export class ShortGrams {
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

/** How much of the end of a text may be the beginning of a secret, as far as its short grams tell: a few letters, mostly. */
export class Prelude {
  private readonly places = new Int32Array(LONGEST);
  private gram = 0;
  private count = 0;
  private run = 0;

  constructor(private readonly grams: ShortGrams) {}

  /** Where that end begins. */
  get from(): number {
    if (this.count === 0) return Infinity;
    const length = Math.min(this.count, this.run + GRAM, LONGEST);
    return this.places[(this.count - length) % LONGEST] ?? 0;
  }

  /** `at` is where the letter stands from which the step leads on. */
  push(step: number, at: number): void {
    this.places[this.count % LONGEST] = at;
    this.count += 1;
    this.gram = (this.gram * STEPS + step) % GRAMS;
    this.run = this.count >= GRAM && this.grams.has(this.gram) ? this.run + 1 : 0;
  }
}
