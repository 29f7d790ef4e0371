/** A candidate of a scan; the smaller the distance, the nearer. */
export interface Near {
  readonly id: string;
  readonly distance: number;
}

interface Scanned extends Near {
  readonly row: number;
}

const FIRST_CAPACITY = 1024;
const PRESELECT = 10;
const { clz32, imul } = Math;

/**
 * One bit a coordinate (1 where it is above 0) of every vector of a collection, in memory: 4.8 MB for 100,000 of 384.
 * The scan compares by Hamming distance in plain JavaScript.
 */
export class BitIndex {
  private readonly words: number;
  private rows: Int32Array;
  private ids: string[] = [];
  /** Kept from search to search, to spare the garbage collector. */
  private distances = new Uint16Array(FIRST_CAPACITY);
  private readonly rowOf = new Map<string, number>();

  constructor(readonly dim: number) {
    this.words = Math.ceil(dim / 32);
    this.rows = new Int32Array(FIRST_CAPACITY * this.words);
  }

  get size(): number {
    return this.ids.length;
  }

  set(id: string, bits: Int32Array): void {
    if (bits.length !== this.words) throw new RangeError(`expected ${this.words} words of bits, not ${bits.length}`);
    const row = this.rowOf.get(id) ?? this.append(id);
    this.rows.set(bits, row * this.words);
  }

  /** The last row takes the place of the deleted one, so the scan never meets a hole. */
  delete(id: string): boolean {
    const row = this.rowOf.get(id);
    const moved = this.ids.at(-1);
    if (row === undefined || moved === undefined) return false;
    const last = this.ids.length - 1;
    this.rows.copyWithin(row * this.words, last * this.words, (last + 1) * this.words);
    this.ids[row] = moved;
    this.rowOf.set(moved, row);
    this.ids.pop();
    this.rowOf.delete(id);
    return true;
  }

  /**
   * The `count` rows whose signs agree best with the query's numbers, best first: a Hamming scan of all rows for `PRESELECT` times as
   * many, then each of those by the sum of the query's coordinates under the row's signs, which lifts recall@10 within 100 from 0.986
   * to 0.999 on the corpus of the bench.
   */
  nearest(query: ArrayLike<number>, count: number): Near[] {
    if (query.length !== this.dim) throw new RangeError(`expected ${this.dim} numbers, not ${query.length}`);
    const sums = byteSums(query);
    return this.scan(signBits(query), count * PRESELECT)
      .map(({ row, id }) => ({ id, distance: -this.agreement(sums, row) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, count);
  }

  private scan(query: Int32Array, count: number): Scanned[] {
    if (this.distances.length < this.ids.length) this.distances = new Uint16Array(2 * this.ids.length);
    const distances = this.distances.subarray(0, this.ids.length);
    const histogram = new Uint32Array(this.words * 32 + 1);
    this.measure(query, distances, histogram);
    const bound = distanceBound(histogram, count);
    const found: Scanned[] = [];
    for (let row = 0; row < distances.length; row += 1) {
      const distance = distances[row] ?? 0;
      if (distance <= bound) found.push({ row, id: this.ids[row] ?? '', distance });
    }
    return found.sort((a, b) => a.distance - b.distance).slice(0, count);
  }

  private measure(query: Int32Array, distances: Uint16Array, histogram: Uint32Array): void {
    const { rows, words } = this;
    for (let row = 0, at = 0; row < distances.length; row += 1) {
      let distance = 0;
      for (let word = 0; word < words; word += 1, at += 1) {
        distance += ones((rows[at] ?? 0) ^ (query[word] ?? 0));
      }
      distances[row] = distance;
      histogram[distance] = (histogram[distance] ?? 0) + 1;
    }
  }

  private agreement(sums: Float64Array, row: number): number {
    const { rows, words } = this;
    let sum = 0;
    for (let word = 0; word < words; word += 1) {
      const bits = rows[row * words + word] ?? 0;
      const at = word * 4 * 256;
      sum += (sums[at + (bits & 255)] ?? 0) + (sums[at + 256 + ((bits >>> 8) & 255)] ?? 0);
      sum += (sums[at + 512 + ((bits >>> 16) & 255)] ?? 0) + (sums[at + 768 + (bits >>> 24)] ?? 0);
    }
    return sum;
  }

  private append(id: string): number {
    const row = this.ids.length;
    if ((row + 1) * this.words > this.rows.length) {
      const wider = new Int32Array(this.rows.length * 2);
      wider.set(this.rows);
      this.rows = wider;
    }
    this.ids.push(id);
    this.rowOf.set(id, row);
    return row;
  }
}

/** The signs of a vector as words, bit i of word w standing for coordinate 32 w + i. */
export function signBits(vector: ArrayLike<number>): Int32Array {
  const bits = new Int32Array(Math.ceil(vector.length / 32));
  for (let i = 0; i < vector.length; i += 1) {
    if ((vector[i] ?? 0) > 0) bits[i >>> 5] = (bits[i >>> 5] ?? 0) | (1 << (i & 31));
  }
  return bits;
}

/** For every eight coordinates of a query, and each of the 256 ways their bits may be set, the sum of those that are. */
function byteSums(query: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(Math.ceil(query.length / 32) * 4 * 256);
  for (let at = 0; at < sums.length; at += 256) {
    for (let bits = 1; bits < 256; bits += 1) {
      const lowest = 31 - clz32(bits & -bits);
      sums[at + bits] = (sums[at + (bits & (bits - 1))] ?? 0) + (query[at / 32 + lowest] ?? 0);
    }
  }
  return sums;
}

/** Counts the set bits of a word by adding neighbouring fields in parallel. */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The smallest distance within which at least `count` rows lie. */
function distanceBound(histogram: Uint32Array, count: number): number {
  let seen = 0;
  for (let distance = 0; distance < histogram.length; distance += 1) {
    seen += histogram[distance] ?? 0;
    if (seen >= count) return distance;
  }
  return histogram.length;
}
