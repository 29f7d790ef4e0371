import { decodeWords, dotFloat16 } from './float16';
import { quantiseQuery, quantiseRow, strideOf } from './int8-quantization';
import { BLOCK_BYTES, type ScanArena } from './scan-arena';
import { TopScores } from './top-scores';

/** `score` is the exact cosine, 1 for the same direction. */
export interface Scored {
  readonly id: string;
  readonly score: number;
}

/** Bytes that one row costs beside its numbers: name, place and bounds. */
const ROW_OVERHEAD = 160;

/**
 * All vectors of one user's collection and epoch, scanned exactly: int8 forms of all rows give scores with a known bound of error, and
 * every row that may be among the best within that bound is compared by its real numbers. No neighbour is ever missed.
 */
export class ExactScan {
  private readonly stride: number;
  private readonly rowsInBlock: number;
  private readonly blocks: number[] = [];
  private readonly halves: Uint16Array[] = [];
  private readonly lengths: number[] = [];
  private readonly scales: number[] = [];
  private readonly errors: number[] = [];
  private readonly ids: string[] = [];
  private readonly rowOf = new Map<string, number>();

  constructor(
    private readonly arena: ScanArena,
    private readonly dim: number,
  ) {
    this.stride = strideOf(dim);
    this.rowsInBlock = Math.floor(BLOCK_BYTES / this.stride);
  }

  get size(): number {
    return this.ids.length;
  }

  get bytes(): number {
    return this.blocks.length * BLOCK_BYTES + this.size * (2 * this.dim + ROW_OVERHEAD);
  }

  /** `halves` are the `dim` half-precision numbers of a sketch; a vector of no length is never found. */
  set(id: string, halves: Uint16Array): void {
    const row = this.rowOf.get(id) ?? this.append(id);
    const { numbers, length, scale, error } = quantiseRow(decodeWords(halves));
    this.arena.write(this.addressOf(row), numbers);
    this.halves[row] = halves;
    this.lengths[row] = length;
    this.scales[row] = scale;
    this.errors[row] = error;
  }

  /** The last row takes the place of the deleted one. */
  delete(id: string): void {
    const row = this.rowOf.get(id);
    if (row === undefined) return;
    const last = this.size - 1;
    const moved = this.ids[last] ?? id;
    this.arena.move(this.addressOf(last), this.addressOf(row), this.stride);
    this.ids[row] = moved;
    this.rowOf.set(moved, row);
    this.rowOf.delete(id);
    this.ids.pop();
    takeLast(this.halves, row);
    for (const column of [this.lengths, this.scales, this.errors]) takeLast(column, row);
    if (this.size % this.rowsInBlock === 0) this.arena.giveBack(this.blocks.pop() ?? 0);
  }

  /** The `count` nearest by cosine, best first. */
  nearest(query: Float32Array, count: number): Scored[] {
    const { unit, numbers, scale, error } = quantiseQuery(query);
    this.arena.aim(numbers);
    const scores = this.arena.scratch(this.size);
    const sure = new TopScores(count);
    this.forEachProduct((row, product) => {
      const score = product * scale * (this.scales[row] ?? 0);
      scores[row] = score;
      sure.offer(row, score - this.doubt(row, error));
    });
    const bound = sure.bound;
    const best = new TopScores(count);
    for (let row = 0; row < scores.length; row += 1) {
      if ((scores[row] ?? 0) + this.doubt(row, error) >= bound) best.offer(row, this.exact(unit, row));
    }
    return best.ranked().map(({ row, score }) => ({ id: this.ids[row] ?? '', score }));
  }

  /** Gives the memory back; the index is empty afterwards. */
  clear(): void {
    this.blocks.splice(0).forEach((block) => this.arena.giveBack(block));
    this.halves.length = 0;
    for (const column of [this.lengths, this.scales, this.errors]) column.length = 0;
    this.ids.length = 0;
    this.rowOf.clear();
  }

  private forEachProduct(visit: (row: number, product: number) => void): void {
    let row = 0;
    for (const block of this.blocks) {
      const products = this.arena.products(block, Math.min(this.rowsInBlock, this.size - row), this.stride);
      for (let i = 0; i < products.length; i += 1, row += 1) visit(row, products[i] ?? 0);
    }
  }

  /** By Cauchy and Schwarz: |q·x − q̂·x̂| ≤ |q||x − x̂| + |q − q̂||x̂|, where |q| = 1 and |x̂| ≤ 1 + |x − x̂|. */
  private doubt(row: number, queryError: number): number {
    const rowError = this.errors[row] ?? 0;
    return rowError + queryError * (1 + rowError);
  }

  private exact(unit: Float32Array, row: number): number {
    const halves = this.halves[row];
    return halves ? dotFloat16(unit, halves, 0) / (this.lengths[row] ?? Infinity) : -Infinity;
  }

  private append(id: string): number {
    const row = this.size;
    if (row === this.blocks.length * this.rowsInBlock) this.blocks.push(this.arena.take());
    this.ids.push(id);
    this.rowOf.set(id, row);
    return row;
  }

  private addressOf(row: number): number {
    return (this.blocks[Math.floor(row / this.rowsInBlock)] ?? 0) + (row % this.rowsInBlock) * this.stride;
  }
}

function takeLast<T>(column: T[], row: number): void {
  const last = column.pop();
  if (last !== undefined && row < column.length) column[row] = last;
}
