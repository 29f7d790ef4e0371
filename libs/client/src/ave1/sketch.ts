import { fromBase64, toBase64, type Bytes } from '../crypto/bytes';
import { decodeHalves, encodeHalves } from './half';

export type SketchAlgorithm = 'ave1-f16' | 'ave1-bit';

/** A sketch as the wire has it; `beta` is in thousandths, `data` base64. */
export interface Sketch {
  readonly v: 1;
  readonly alg: SketchAlgorithm;
  readonly epoch: number;
  readonly model: string;
  readonly dim: number;
  readonly beta: number;
  readonly data: string;
}

/** Half-precision numbers, little-endian; or bits, most significant first, 1 where the coordinate is above 0. */
export function encodeSketch(alg: SketchAlgorithm, sketch: Float32Array): string {
  return toBase64(alg === 'ave1-f16' ? encodeHalves(sketch) : packSigns(sketch));
}

/** The numbers of a half-precision sketch; nothing ever decrypts one, so this serves only tests and merges. */
export function decodeSketch(data: string): Float32Array {
  return decodeHalves(fromBase64(data));
}

function packSigns(sketch: Float32Array): Bytes {
  const bytes = new Uint8Array(Math.ceil(sketch.length / 8));
  sketch.forEach((value, i) => {
    if (value > 0) bytes[i >>> 3] = (bytes[i >>> 3] ?? 0) | (0x80 >>> (i & 7));
  });
  return bytes;
}
