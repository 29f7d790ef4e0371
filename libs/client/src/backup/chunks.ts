import { owned, type Bytes } from '../crypto/bytes';

const MIB = 1024 * 1024;
const STEP = MIB / 4;
const MAX_CHUNK = 32 * MIB;
/** The server takes 9,999. */
const MAX_CHUNKS = 9_000;
/** A chunk should take about this long, so that a cut connection costs little. */
const CHUNK_MS = 10_000;
/** While nothing is known of the link: 8 s at 1 Mbit/s. */
const FIRST_CHUNK = MIB;

/** The size of the chunks of an upload of `size` bytes over a link of `rate` bytes a millisecond, in steps of 256 KiB. */
export function chunkSizeFor(rate: number | undefined, size: number): number {
  const wanted = rate === undefined ? FIRST_CHUNK : Math.floor((rate * CHUNK_MS) / STEP) * STEP;
  const min = Math.ceil(size / MAX_CHUNKS / STEP) * STEP;
  return Math.max(STEP, min, Math.min(MAX_CHUNK, wanted));
}

/** Cuts a stream into chunks of exactly `size` bytes; the last may be shorter. Each is a fresh array. */
export async function* inChunks(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Bytes> {
  let chunk = new Uint8Array(size);
  let filled = 0;
  for await (const part of source) {
    for (let at = 0; at < part.length;) {
      const taken = part.subarray(at, at + size - filled);
      chunk.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled < size) continue;
      yield chunk;
      chunk = new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0) yield owned(chunk.subarray(0, filled));
}
