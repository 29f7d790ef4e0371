import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream';
import { Problem, type Checksum } from '@adiuva/kernel';
import type { ByteRange } from './byte-range';
import { isUnreadable } from './disk/disk-error';

/** SHA-256 checksums of the blocks of an object, which all have `size` bytes but the last one. */
export interface Blocks {
  readonly size: number;
  readonly checksums: readonly string[];
}

/** Read ahead, so that the store sends the next piece while this one is hashed and sent. */
const READ_AHEAD_BYTES = 512 * 1024;

/** Reads a whole object and gives `range` of it (or all), verified as one block; see `verifyingBlocks`. */
export function verifyingStream(bytes: Readable, sha256: Checksum, size: number, range?: ByteRange): Readable {
  const whole = { size: Math.max(size, 1), checksums: [sha256] };
  return verifyingBlocks(bytes, whole, size, range ?? { start: 0, end: size - 1 });
}

/** The blocks that cover a range, in bytes: from the start of the first to the end of the last. */
export function coveringBlocks(blocks: Blocks, sizeBytes: number, range: ByteRange): ByteRange {
  const start = Math.floor(range.start / blocks.size) * blocks.size;
  const end = Math.min(sizeBytes, (Math.floor(range.end / blocks.size) + 1) * blocks.size) - 1;
  return { start, end };
}

/**
 * Gives `range` out of `bytes`, which are those of the blocks that cover it. The last piece of each block is held back until the block is
 * verified. Where it is not, or where the disk cannot read its bytes, the stream fails with `upstream_failed`, so that no client gets a complete
 * wrong answer.
 */
export function verifyingBlocks(bytes: Readable, blocks: Blocks, sizeBytes: number, range: ByteRange): Readable {
  const verifier = new BlockVerifier(blocks, coveringBlocks(blocks, sizeBytes, range), range);
  pipeline(bytes, verifier, () => undefined);
  return verifier;
}

class BlockVerifier extends Transform {
  private hash = createHash('sha256');
  private held: Buffer = Buffer.alloc(0);
  private offset: number;
  /** Number of the current block in the object. */
  private block: number;

  constructor(
    private readonly blocks: Blocks,
    private readonly covered: ByteRange,
    private readonly range: ByteRange,
  ) {
    super({ highWaterMark: READ_AHEAD_BYTES });
    this.offset = covered.start;
    this.block = covered.start / blocks.size;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let rest = chunk; rest.length > 0;) {
      if (this.offset === this.blockEnd && !this.nextBlock()) return done(damaged());
      const piece = rest.subarray(0, this.blockEnd - this.offset);
      this.passOn(piece);
      rest = rest.subarray(piece.length);
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    const whole = this.offset === this.covered.end + 1 && this.isBlockVerified();
    if (whole && this.held.length > 0) this.push(this.held);
    done(whole ? null : damaged());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    done(isUnreadable(error) ? damaged(error) : error);
  }

  private get blockEnd(): number {
    return Math.min((this.block + 1) * this.blocks.size, this.covered.end + 1);
  }

  private passOn(piece: Buffer): void {
    this.hash.update(piece);
    const from = Math.max(0, this.range.start - this.offset);
    const wanted = piece.subarray(from, Math.max(from, this.range.end + 1 - this.offset));
    this.offset += piece.length;
    if (wanted.length === 0) return;
    if (this.held.length > 0) this.push(this.held);
    this.held = wanted;
  }

  private nextBlock(): boolean {
    if (this.offset > this.covered.end || !this.isBlockVerified()) return false;
    this.hash = createHash('sha256');
    this.block += 1;
    return true;
  }

  private isBlockVerified(): boolean {
    return this.hash.digest('hex') === this.blocks.checksums[this.block];
  }
}

function damaged(cause?: unknown): Problem {
  return new Problem('upstream_failed', { detail: 'The stored bytes are damaged', cause });
}
