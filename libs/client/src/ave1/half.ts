const F32 = new Float32Array(1);
const BITS = new Uint32Array(F32.buffer);

/** IEEE 754 binary16 of a number, rounded to nearest, ties to even; beyond 65,519 it is infinite. */
export function toHalf(value: number): number {
  F32[0] = value;
  const bits = BITS[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : 0x200);
  const half = exponent - 127 + 15;
  if (half >= 0x1f) return sign | 0x7c00;
  if (half > 0) return sign | roundShift((half << 23) | fraction, 13);
  return half < -10 ? sign : sign | roundShift(fraction | 0x800000, 14 - half);
}

/** The number that a binary16 represents. */
export function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Two bytes a number, little-endian. */
export function encodeHalves(values: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i += 1) view.setUint16(i * 2, toHalf(values[i] ?? 0), true);
  return bytes;
}

export function decodeHalves(bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length >>> 1 }, (_, i) => fromHalf(view.getUint16(i * 2, true)));
}

function roundShift(value: number, by: number): number {
  const kept = value >>> by;
  const rest = value & ((1 << by) - 1);
  const tie = 1 << (by - 1);
  return rest > tie || (rest === tie && (kept & 1) === 1) ? kept + 1 : kept;
}
