/** The engine finds a local name faster than a global one. */
const { imul, min, max } = Math;
const SPREAD = 0x9e3779b1;
const FILTER_SPREAD = 0x85ebca6b;
const MAX_LOAD = 0.5;
/** A gram's weight is kept in a byte, in sixteenths of a bit of information for each symbol. */
export const WEIGHT_UNIT = 1 / 16;

/**
 * Hashes of the grams (pieces of fixed length) of one view of the secrets: open addressing behind a bit filter that
 * fits the processor's cache, because nearly every question is answered with no. Two grams share a hash once in 2^32.
 */
export class NgramTable {
  private keys: Uint32Array;
  private positions: Int32Array;
  private weights: Uint8Array;
  private readonly filter: Uint32Array;
  private readonly filterShift: number;
  private shift: number;
  private size = 0;

  constructor(expected: number) {
    const bits = max(10, Math.ceil(Math.log2(expected / MAX_LOAD)));
    this.keys = new Uint32Array(1 << bits);
    this.positions = new Int32Array(1 << bits);
    this.weights = new Uint8Array(1 << bits);
    this.shift = 32 - bits;
    this.filterShift = max(5, 32 - bits - 3);
    this.filter = new Uint32Array((1 << (32 - this.filterShift)) >>> 5);
  }

  /** Keeps the first position of a gram; `weight` in bits of information a symbol. */
  add(hash: number, position: number, weight: number): void {
    if (this.size >= this.keys.length * MAX_LOAD) this.grow();
    const key = keyOf(hash);
    const slot = this.slotOf(key);
    if (this.keys[slot] !== 0) return;
    this.keys[slot] = key;
    this.positions[slot] = position;
    this.weights[slot] = min(255, Math.round(weight / WEIGHT_UNIT));
    this.size += 1;
    const bit = imul(hash, FILTER_SPREAD) >>> this.filterShift;
    this.filter[bit >>> 5] = (this.filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  /** The slot of a gram, or -1. */
  find(hash: number): number {
    const bit = imul(hash, FILTER_SPREAD) >>> this.filterShift;
    if ((((this.filter[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 0) return -1;
    const slot = this.slotOf(keyOf(hash));
    return this.keys[slot] === 0 ? -1 : slot;
  }

  positionAt(slot: number): number {
    return this.positions[slot] ?? 0;
  }

  weightAt(slot: number): number {
    return (this.weights[slot] ?? 0) * WEIGHT_UNIT;
  }

  private slotOf(key: number): number {
    const last = this.keys.length - 1;
    let slot = imul(key, SPREAD) >>> this.shift;
    while (this.keys[slot] !== 0 && this.keys[slot] !== key) slot = (slot + 1) & last;
    return slot;
  }

  private grow(): void {
    const { keys, positions, weights } = this;
    this.keys = new Uint32Array(keys.length * 2);
    this.positions = new Int32Array(keys.length * 2);
    this.weights = new Uint8Array(keys.length * 2);
    this.shift -= 1;
    keys.forEach((key, old) => {
      if (key === 0) return;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.positions[slot] = positions[old] ?? 0;
      this.weights[slot] = weights[old] ?? 0;
    });
  }
}

/** Zero marks an empty slot. */
function keyOf(hash: number): number {
  return hash >>> 0 || 1;
}
