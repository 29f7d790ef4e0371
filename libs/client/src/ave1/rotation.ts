import { Keystream } from './keystream';

const ROUNDS = 5;

interface Round {
  readonly permutation: Uint32Array;
  /** +1 or -1 for each coordinate after the permutation. */
  readonly signs: Float64Array;
}

/**
 * A secret rotation, exactly orthogonal for any dimension: five rounds of a permutation, signs and a Walsh-Hadamard transform on each
 * block of the binary decomposition of the dimension, drawn from ChaCha20. Section 6.2, step 4 of the scheme AVE1.
 */
export class Rotation {
  private readonly rounds: readonly Round[];
  private readonly blocks: readonly number[];

  constructor(
    key: Uint8Array,
    private readonly dim: number,
  ) {
    const stream = new Keystream(key);
    this.rounds = Array.from({ length: ROUNDS }, () => drawRound(stream, dim));
    this.blocks = powersOfTwo(dim);
  }

  /** A new vector; the input is left as it is. */
  apply(vector: Float64Array): Float64Array {
    let current = Float64Array.from(vector);
    for (const { permutation, signs } of this.rounds) {
      const turned = new Float64Array(this.dim);
      for (let i = 0; i < this.dim; i += 1) turned[i] = (current[permutation[i] ?? 0] ?? 0) * (signs[i] ?? 1);
      let start = 0;
      for (const size of this.blocks) {
        walshHadamard(turned, start, size);
        start += size;
      }
      current = turned;
    }
    return current;
  }
}

function drawRound(stream: Keystream, dim: number): Round {
  const permutation = Uint32Array.from({ length: dim }, (_, i) => i);
  for (let i = dim - 1; i >= 1; i -= 1) {
    const j = stream.below(i + 1);
    const kept = permutation[i] ?? 0;
    permutation[i] = permutation[j] ?? 0;
    permutation[j] = kept;
  }
  return { permutation, signs: Float64Array.from({ length: dim }, () => ((stream.word() & 1) === 1 ? 1 : -1)) };
}

function powersOfTwo(dim: number): number[] {
  return Array.from({ length: 31 }, (_, i) => 2 ** (30 - i)).filter((power) => Math.floor(dim / power) % 2 === 1);
}

/** In place and orthonormal, on `size` (a power of two) coordinates from `start`. */
function walshHadamard(vector: Float64Array, start: number, size: number): void {
  for (let half = 1; half < size; half *= 2) {
    for (let base = start; base < start + size; base += 2 * half) {
      for (let i = base; i < base + half; i += 1) {
        const a = vector[i] ?? 0;
        const b = vector[i + half] ?? 0;
        vector[i] = a + b;
        vector[i + half] = a - b;
      }
    }
  }
  const scale = 1 / Math.sqrt(size);
  for (let i = start; i < start + size; i += 1) vector[i] = (vector[i] ?? 0) * scale;
}
