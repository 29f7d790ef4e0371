import type { Blocks } from '@adiuva/platform';

const CHECKSUM_BYTES = 32;

/** Checksums one after the other, 32 bytes each. */
export function joinedChecksums(blocks: Blocks): Buffer {
  return Buffer.from(blocks.checksums.join(''), 'hex');
}

export function blocksOf(size: number, joined: Buffer): Blocks {
  const count = Math.floor(joined.length / CHECKSUM_BYTES);
  const checksums = Array.from({ length: count }, (_, index) =>
    joined.toString('hex', index * CHECKSUM_BYTES, (index + 1) * CHECKSUM_BYTES),
  );
  return { size, checksums };
}
