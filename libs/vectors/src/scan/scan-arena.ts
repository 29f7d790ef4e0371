import { scanKernel, type ScanKernel } from './scan-kernel';

/** Bytes of a block: 341 rows of 384 numbers. */
export const BLOCK_BYTES = 131_072;

const PAGE = 65_536;
const QUERY_AT = 0;
const MAX_DIM = 4096;
const OUT_AT = 2 * MAX_DIM;
const OUT_BYTES = (BLOCK_BYTES / 16) * 4;
const BLOCKS_AT = PAGE * Math.ceil((OUT_AT + OUT_BYTES) / PAGE);
const MAX_BLOCKS = 24_000;

/**
 * The one WebAssembly memory that all indexes of the process take their blocks of rows from: each memory reserves gigabytes of
 * addresses, so one for each user would run out.
 */
export class ScanArena {
  private readonly memory = new WebAssembly.Memory({
    initial: BLOCKS_AT / PAGE,
    maximum: (BLOCKS_AT + MAX_BLOCKS * BLOCK_BYTES) / PAGE,
  });
  private readonly kernel: ScanKernel = scanKernel(this.memory);
  private readonly free: number[] = [];
  private numbers = new Float64Array(1024);

  /** Room for `count` numbers, not cleared, until the next call: a search that made its own would keep the garbage collector busy. */
  scratch(count: number): Float64Array {
    if (this.numbers.length < count) this.numbers = new Float64Array(Math.max(count, 2 * this.numbers.length));
    return this.numbers.subarray(0, count);
  }

  /** The address of a block. Throws a `RangeError` when the memory is full. */
  take(): number {
    return this.free.pop() ?? this.memory.grow(BLOCK_BYTES / PAGE) * PAGE;
  }

  giveBack(block: number): void {
    this.free.push(block);
  }

  write(at: number, row: Int8Array): void {
    new Int8Array(this.memory.buffer, at, row.length).set(row);
  }

  move(from: number, to: number, length: number): void {
    new Uint8Array(this.memory.buffer).copyWithin(to, from, from + length);
  }

  /** The query that the following `products` are taken with. */
  aim(query: Int16Array): void {
    new Int16Array(this.memory.buffer, QUERY_AT, query.length).set(query);
  }

  /** The products of `count` rows of a block with the query; the view is valid until the next call. */
  products(block: number, count: number, stride: number): Int32Array {
    if (count > 0) this.kernel.scan(block, count, stride, QUERY_AT, OUT_AT);
    return new Int32Array(this.memory.buffer, OUT_AT, count);
  }
}
