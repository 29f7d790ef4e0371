/** A unit vector in int8: `scale` times `numbers` differs from it by a vector no longer than `error`. */
export interface QuantisedRow {
  readonly numbers: Int8Array;
  /** Of the vector as it came; infinite when it had none, so that its cosine is 0. */
  readonly length: number;
  readonly scale: number;
  readonly error: number;
}

/** A unit query in int16, as fine as the int32 sums of the kernel allow. */
export interface QuantisedQuery {
  readonly unit: Float32Array;
  readonly numbers: Int16Array;
  readonly scale: number;
  readonly error: number;
}

const I8 = 127;
const I16 = 32_767;
const I32 = 2 ** 31 - 1;
/** Covers the rounding of single precision in the bounds themselves. */
const SLACK = 1e-6;

/** Rows are padded with zeros to whole vectors of 16 bytes. */
export function strideOf(dim: number): number {
  return 16 * Math.ceil(dim / 16);
}

export function quantiseRow(vector: Float32Array): QuantisedRow {
  const length = lengthOf(vector);
  const numbers = new Int8Array(strideOf(vector.length));
  const peak = peakOf(vector) / length;
  if (!(length > 0) || !Number.isFinite(peak)) return { numbers, length: Infinity, scale: 0, error: SLACK };
  const scale = peak / I8;
  let square = 0;
  for (let i = 0; i < vector.length; i += 1) {
    const value = (vector[i] ?? 0) / length;
    const rounded = Math.round(value / scale);
    numbers[i] = rounded;
    square += (value - rounded * scale) ** 2;
  }
  return { numbers, length, scale, error: Math.sqrt(square) + SLACK };
}

export function quantiseQuery(vector: Float32Array): QuantisedQuery {
  const length = lengthOf(vector) || 1;
  const unit = vector.map((value) => value / length);
  const total = unit.reduce((sum, value) => sum + Math.abs(value), 0) + unit.length / I16;
  const scale = Math.max(peakOf(unit) / I16, (total * I8) / (I32 - I8 * unit.length)) || 1;
  const numbers = new Int16Array(strideOf(vector.length));
  let square = 0;
  for (let i = 0; i < unit.length; i += 1) {
    const rounded = Math.round((unit[i] ?? 0) / scale);
    numbers[i] = rounded;
    square += ((unit[i] ?? 0) - rounded * scale) ** 2;
  }
  return { unit, numbers, scale, error: Math.sqrt(square) };
}

export function lengthOf(vector: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += (vector[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

function peakOf(vector: Float32Array): number {
  let peak = 0;
  for (let i = 0; i < vector.length; i += 1) peak = Math.max(peak, Math.abs(vector[i] ?? 0));
  return peak;
}
