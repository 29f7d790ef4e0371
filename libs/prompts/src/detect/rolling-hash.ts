/** The engine finds a local name faster than a global one. */
const { imul } = Math;
const BASE = 0x01000193;

/** Polynomial hash of the last `length` symbols, modulo 2^32, renewed in constant time (Rabin and Karp, 1987). */
export class RollingHash {
  private readonly ring: Uint8Array;
  private readonly places: Int32Array;
  private readonly drop: number;
  private next = 0;
  private state = 0;
  /** Symbols seen since the last reset, at most `length`. */
  filled = 0;

  constructor(readonly length: number) {
    this.ring = new Uint8Array(length);
    this.places = new Int32Array(length);
    this.drop = power(length);
  }

  /** The hash of the window that ends with this symbol. It means nothing until `filled` is `length`. */
  push(symbol: number, at: number): number {
    const slot = this.next;
    const old = this.filled === this.length ? (this.ring[slot] ?? 0) + 1 : 0;
    this.state = (imul(this.state, BASE) + symbol + 1 - imul(old, this.drop)) | 0;
    this.ring[slot] = symbol;
    this.places[slot] = at;
    this.next = slot + 1 === this.length ? 0 : slot + 1;
    if (this.filled < this.length) this.filled += 1;
    const mixed = imul(this.state ^ (this.state >>> 15), 0x2c1b3c6d);
    return mixed ^ (mixed >>> 13);
  }

  /** Where the oldest symbol of the window is written. */
  get from(): number {
    return this.filled === 0 ? Infinity : (this.places[this.filled === this.length ? this.next : 0] ?? 0);
  }

  reset(): void {
    this.filled = 0;
    this.next = 0;
    this.state = 0;
  }
}

function power(exponent: number): number {
  let value = 1;
  for (let i = 0; i < exponent; i += 1) value = imul(value, BASE);
  return value;
}
