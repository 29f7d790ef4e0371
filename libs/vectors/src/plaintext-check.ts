import { decodeFloat16 } from './scan/float16';
import { lengthOf } from './scan/int8-quantization';

const SMALLEST_BATCH = 20;
const NEAR_ONE = 0.001;

/**
 * Whether a batch of half-precision vectors looks like plain embeddings: more than half of 20 or more have length 1 within 0.001, as
 * every unit vector has and next to no blurred one. Single items are never judged: their noise is the same whenever they come.
 */
export function looksUnencrypted(batch: readonly Uint8Array[]): boolean {
  if (batch.length < SMALLEST_BATCH) return false;
  const plain = batch.filter((data) => Math.abs(lengthOf(decodeFloat16(data)) - 1) <= NEAR_ONE);
  return plain.length * 2 > batch.length;
}
