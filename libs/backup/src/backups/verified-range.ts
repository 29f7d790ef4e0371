import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream';
import { Problem } from '@adiuva/kernel';
import type { ByteRange } from '@adiuva/platform';
import type { Blocks } from './backup';

/** The blocks that cover a range, in bytes: from the start of the first to the end of the last. */
export function coveringBlocks(blocks: Blocks, sizeBytes: number, range: ByteRange): ByteRange {
  const start = Math.floor(range.start / blocks.size) * blocks.size;
  const end = Math.min(sizeBytes, (Math.floor(range.end / blocks.size) + 1) * blocks.size) - 1;
  return { start, end };
}

/**
 * Gives `range` out of `bytes`, which are the object's from the start of the block that the range begins in to the end of the one it ends in.
 * The last piece of each block is held back until the block is verified; otherwise the stream fails with `upstream_failed`.
 */
export function verifiedRange(bytes: Readable, blocks: Blocks, sizeBytes: number, range: ByteRange): Readable {
  const verifier = new RangeVerifier(blocks, coveringBlocks(blocks, sizeBytes, range), range);
  pipeline(bytes, verifier, () => undefined);
  return verifier;
}

/** Read ahead, so that the store sends the next piece while this one is hashed and sent. */
const READ_AHEAD_BYTES = 512 * 1024;

class RangeVerifier extends Transform {
  private hash = createHash('sha256');
  private held: Buffer = Buffer.alloc(0);
  private offset: number;
  /** Where the current block ends. */
  private blockEnd: number;

  constructor(
    private readonly blocks: Blocks,
    private readonly covered: ByteRange,
    private readonly range: ByteRange,
  ) {
    super({ highWaterMark: READ_AHEAD_BYTES });
    this.offset = covered.start;
    this.blockEnd = this.endAfter(covered.start);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let at = 0; at < chunk.length;) {
      const piece = chunk.subarray(at, at + this.blockEnd - this.offset);
      if (piece.length === 0) return done(damaged());
      this.passOn(piece);
      at += piece.length;
      if (this.offset === this.blockEnd && !this.verifyBlock()) return done(damaged());
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    const whole = this.offset === this.covered.end + 1;
    if (whole && this.held.length > 0) this.push(this.held);
    done(whole ? null : damaged());
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

  private verifyBlock(): boolean {
    const good = this.hash.digest('hex') === this.blocks.checksums[Math.floor((this.offset - 1) / this.blocks.size)];
    this.hash = createHash('sha256');
    this.blockEnd = this.endAfter(this.offset);
    return good;
  }

  private endAfter(start: number): number {
    return Math.min(start + this.blocks.size, this.covered.end + 1);
  }
}

function damaged(): Problem {
  return new Problem('upstream_failed', { detail: 'The stored bytes are damaged' });
}
