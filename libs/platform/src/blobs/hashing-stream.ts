import { createHash } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { Problem, type Checksum } from '@adiuva/kernel';
import type { ExpectedDigest } from './blob-store.port';

/** So that a piece of a socket (64 KiB) does not fill it: a full stream stops the one before it. */
const HIGH_WATER_BYTES = 256 * 1024;

/** Passes bytes on while it counts and hashes them; fails before its end when they are too many or not the promised ones. */
export class HashingStream extends Transform {
  private readonly hash = createHash('sha256');
  private digest: Checksum | null = null;
  private count = 0;

  constructor(private readonly expected: ExpectedDigest) {
    super({ highWaterMark: HIGH_WATER_BYTES });
  }

  // Not `size`: the S3 library takes a stream's `size` for its whole length, known before.
  get byteCount(): number {
    return this.count;
  }

  /** Known once the stream has ended. */
  get sha256(): Checksum {
    if (this.digest === null) throw new Error('the bytes have not ended');
    return this.digest;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.count += chunk.length;
    if (this.count > this.expected.maxBytes) {
      done(tooMany(this.expected));
      return;
    }
    this.hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.digest = this.hash.digest('hex');
    done(checkDigest(this.expected, this.count, this.digest));
  }
}

/** What the writer's promises say about bytes that are whole; null where they were kept. */
export function checkDigest(expected: ExpectedDigest, count: number, digest: Checksum): Problem | null {
  const { sha256, minBytes = 0, maxBytes } = expected;
  if (count > maxBytes) return tooMany(expected);
  if (count < minBytes) return new Problem('validation_failed', { detail: 'The body is shorter than it should be' });
  return sha256 === undefined || sha256 === digest ? null : new Problem('checksum_mismatch');
}

function tooMany({ maxBytes }: ExpectedDigest): Problem {
  return new Problem('payload_too_large', { members: { limit_bytes: maxBytes } });
}
