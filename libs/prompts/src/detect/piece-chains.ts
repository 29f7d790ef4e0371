/** Letters of a gram of the view that finds the pieces. */
const GRAM_LETTERS = 8;
/** Letters of the secret that may be missing between two pieces: a piece of common or few letters is not found. */
const MAX_MISSING = 20;
const MAX_OVERLAP = 2;
/** The next gram of one piece is so many letters further: a doubled letter is read once. */
const MAX_STEP = 3;

interface Chain {
  readonly pieces: number;
  readonly bits: number;
}

/** When a chain of pieces is a leak. */
export interface ChainLimit {
  readonly pieces: number;
  readonly bits: number;
}

/**
 * Pieces of a secret that follow each other in the output as they do in the secret, with anything between them. Each piece may be an
 * ordinary phrase; that the next one is found just where the last one ended is hardly chance, however long the text is.
 */
export class PieceChains {
  /** The best chain that ends at a letter of the secrets. */
  private readonly ends = new Map<number, Chain>();
  /** Ends of the piece that is being read: it must not continue itself. */
  private readonly open: [number, Chain][] = [];
  private current: Chain = { pieces: 0, bits: 0 };
  private last = -1;

  constructor(private readonly limit: ChainLimit) {}

  /**
   * Takes a gram that begins at a letter of the secrets; `adjacent`: the gram before it in the text was one of a secret, too. Returns
   * whether the chain that it continues is a leak.
   */
  add(ordinal: number, bitsALetter: number, adjacent: boolean): boolean {
    if (!adjacent) this.close();
    const step = ordinal - this.last;
    const { pieces, bits } = this.current;
    if (adjacent && step > 0 && step <= MAX_STEP) this.current = { pieces, bits: bits + bitsALetter };
    else {
      const before = this.before(ordinal);
      this.current = { pieces: before.pieces + 1, bits: before.bits + GRAM_LETTERS * bitsALetter };
    }
    this.last = ordinal;
    this.open.push([ordinal + GRAM_LETTERS - 1, this.current]);
    return this.current.pieces >= this.limit.pieces && this.current.bits >= this.limit.bits;
  }

  private before(ordinal: number): Chain {
    let best: Chain = { pieces: 0, bits: 0 };
    for (let end = ordinal - MAX_MISSING; end <= ordinal + MAX_OVERLAP; end += 1) {
      const chain = this.ends.get(end);
      if (chain !== undefined && chain.bits > best.bits) best = chain;
    }
    return best;
  }

  private close(): void {
    for (const [end, chain] of this.open) {
      if (chain.bits > (this.ends.get(end)?.bits ?? 0)) this.ends.set(end, chain);
    }
    this.open.length = 0;
  }
}
