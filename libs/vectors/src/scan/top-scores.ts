export interface RowScore {
  readonly row: number;
  readonly score: number;
}

/** The `count` best of many scores, kept in a heap whose root is the worst of them. */
export class TopScores {
  private readonly rows: Int32Array;
  private readonly scores: Float64Array;
  private size = 0;

  constructor(private readonly count: number) {
    this.rows = new Int32Array(count);
    this.scores = new Float64Array(count);
  }

  /** Nothing below this is among the best; `-Infinity` until there are enough. */
  get bound(): number {
    return this.size < this.count ? -Infinity : (this.scores[0] ?? -Infinity);
  }

  offer(row: number, score: number): void {
    if (this.size < this.count) this.rise(this.size++, row, score);
    else if (score > (this.scores[0] ?? 0)) this.sink(row, score);
  }

  /** Best first; equal ones by row. */
  ranked(): RowScore[] {
    const all = Array.from({ length: this.size }, (_, i) => ({ row: this.rows[i] ?? 0, score: this.scores[i] ?? 0 }));
    return all.sort((a, b) => b.score - a.score || a.row - b.row);
  }

  private rise(from: number, row: number, score: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if ((this.scores[parent] ?? 0) <= score) break;
      this.put(at, this.rows[parent] ?? 0, this.scores[parent] ?? 0);
      at = parent;
    }
    this.put(at, row, score);
  }

  private sink(row: number, score: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < this.size && (this.scores[child + 1] ?? 0) < (this.scores[child] ?? 0)) child += 1;
      if (child >= this.size || (this.scores[child] ?? 0) >= score) break;
      this.put(at, this.rows[child] ?? 0, this.scores[child] ?? 0);
      at = child;
    }
    this.put(at, row, score);
  }

  private put(at: number, row: number, score: number): void {
    this.rows[at] = row;
    this.scores[at] = score;
  }
}
