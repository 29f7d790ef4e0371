/** What each of the 65,536 half-precision numbers (IEEE 754 binary16) represents; not-a-number and infinity included. */
const TABLE = Float32Array.from({ length: 65_536 }, (_, half) => valueOf(half));

/** Little-endian halves as numbers. */
export function decodeFloat16(bytes: Uint8Array): Float32Array {
  return decodeWords(float16Words(bytes));
}

/** The 16-bit words of little-endian bytes. */
export function float16Words(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length >>> 1 }, (_, i) => view.getUint16(2 * i, true));
}

export function decodeWords(words: Uint16Array): Float32Array {
  const numbers = new Float32Array(words.length);
  for (let i = 0; i < words.length; i += 1) numbers[i] = TABLE[words[i] ?? 0] ?? 0;
  return numbers;
}

/** The product of a query with the `query.length` halves from `start`. */
export function dotFloat16(query: Float32Array, words: Uint16Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < query.length; i += 1) sum += (query[i] ?? 0) * (TABLE[words[start + i] ?? 0] ?? 0);
  return sum;
}

function valueOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
