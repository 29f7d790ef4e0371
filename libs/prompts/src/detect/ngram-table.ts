/** The engine finds a local name faster than a global one. */
const { imul, min } = Math;
const SPREAD = 0x9e3779b1;
const FILTER_SPREAD = 0x85ebca6b;
const MAX_LOAD = 0.5;
const FIRST_BITS = 10;
/** Of the filter, for each slot. */
const FILTER_BITS = 3;
/** A gram's weight is kept in a byte, in sixteenths of a bit of information for each symbol. */
export const WEIGHT_UNIT = 1 / 16;

/**
 * Hashes of the grams (pieces of fixed length) of one view of the secrets: open addressing behind a bit filter that
 * fits the processor's cache, because nearly every question is answered with no. Two grams share a hash once in 2^32.
 */
export class NgramTable {
  private keys = new Uint32Array(1 << FIRST_BITS);
  private positions = new Int32Array(1 << FIRST_BITS);
  private weights = new Uint8Array(1 << FIRST_BITS);
  private filter = filterOf(FIRST_BITS);
  private shift = 32 - FIRST_BITS;
  private size = 0;

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
    this.pass(key);
  }

  /** The slot of a gram, or -1. */
  find(hash: number): number {
    const key = keyOf(hash);
    const bit = imul(key, FILTER_SPREAD) >>> (this.shift - FILTER_BITS);
    if ((((this.filter[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 0) return -1;
    const slot = this.slotOf(key);
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
    this.filter = filterOf(32 - this.shift);
    keys.forEach((key, old) => {
      if (key === 0) return;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.positions[slot] = positions[old] ?? 0;
      this.weights[slot] = weights[old] ?? 0;
      this.pass(key);
    });
  }

  /** Lets the filter answer that a key may be there. */
  private pass(key: number): void {
    const bit = imul(key, FILTER_SPREAD) >>> (this.shift - FILTER_BITS);
    this.filter[bit >>> 5] = (this.filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }
}

function filterOf(bits: number): Uint32Array {
  return new Uint32Array((1 << (bits + FILTER_BITS)) >>> 5);
}

/** Zero marks an empty slot. */
function keyOf(hash: number): number {
  return hash >>> 0 || 1;
}
