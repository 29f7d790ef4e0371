import { owned, type Bytes } from '../crypto/bytes';

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
