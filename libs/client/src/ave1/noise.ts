import { Keystream } from './keystream';

/**
 * A point drawn evenly from a ball of radius beta/4: d normals by Box-Muller for the direction, one uniform for the length.
 * `key` is HMAC-SHA-256(k_noise, nonce), so the same item gets the same noise. Section 6.2, step 5 of the scheme AVE1.
 */
export function noise(key: Uint8Array, dim: number, beta: number): Float64Array {
  const stream = new Keystream(key);
  const point = new Float64Array(dim);
  for (let i = 0; i < dim; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - stream.uniform()));
    const angle = 2 * Math.PI * stream.uniform();
    point[i] = radius * Math.cos(angle);
    if (i + 1 < dim) point[i + 1] = radius * Math.sin(angle);
  }
  const length = (beta / 4) * (1 - stream.uniform()) ** (1 / dim);
  const scale = length / norm(point);
  return point.map((value) => value * scale);
}

export function norm(vector: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) sum += (vector[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}
