import type { SketchAlgorithm, SketchForm } from './collection';
import { decodeFloat16, float16Words } from './scan/float16';
import { lengthOf } from './scan/int8-quantization';

const ONE = 0x3c00;
const MINUS_ONE = 0xbc00;
/** What rounding to half precision may add to a length. */
const HALF_TOLERANCE = 0.002;

/** Bytes of a sketch's data. */
export function dataLength(alg: SketchAlgorithm, dim: number): number {
  return alg === 'ave1-f16' ? 2 * dim : Math.ceil(dim / 8);
}

/** What is wrong with the data of a sketch of this form, or null. `data` is what its base64 stood for. */
export function sketchFault({ alg, dim, beta }: SketchForm, data: Uint8Array): string | null {
  if (data.length !== dataLength(alg, dim)) return `must hold ${dataLength(alg, dim)} bytes`;
  if (alg === 'ave1-bit') return null;
  const numbers = decodeFloat16(data);
  if (!numbers.every(Number.isFinite)) return 'must hold only finite numbers';
  const maxLength = 1 + beta / 4000 + HALF_TOLERANCE;
  return lengthOf(numbers) > maxLength ? `must not be longer than ${maxLength.toFixed(3)}` : null;
}

/** The sketch as half-precision words; a bit becomes 1 or -1, so that the cosine of two is 1 - 2 h / dim for the Hamming distance h. */
export function sketchWords(alg: SketchAlgorithm, dim: number, data: Uint8Array): Uint16Array {
  if (alg === 'ave1-f16') return float16Words(data);
  return Uint16Array.from({ length: dim }, (_, i) => ((data[i >>> 3] ?? 0) & (0x80 >>> (i & 7)) ? ONE : MINUS_ONE));
}
