import { createHash } from 'node:crypto';
import { pipeline, Transform, type Readable, type TransformCallback } from 'node:stream';
import { Problem, type Checksum } from '@adiuva/kernel';
import type { ByteRange } from './byte-range';

/** Read ahead, so that the store sends the next piece while this one is hashed and sent. */
const READ_AHEAD_BYTES = 512 * 1024;

/**
 * Reads a whole object and gives `range` of it (or all), holding back the last piece until the whole has proved to have the
 * promised size and checksum. When it has not, the stream fails with `upstream_failed`, so no client gets a complete wrong answer.
 */
export function verifyingStream(bytes: Readable, sha256: Checksum, size: number, range?: ByteRange): Readable {
  const check = new VerifiedBytes(sha256, size, range ?? { start: 0, end: size - 1 });
  pipeline(bytes, check, () => undefined);
  return check;
}

class VerifiedBytes extends Transform {
  private readonly hash = createHash('sha256');
  private offset = 0;
  private held: Buffer = Buffer.alloc(0);

  constructor(
    private readonly sha256: Checksum,
    private readonly size: number,
    private readonly range: ByteRange,
  ) {
    super({ highWaterMark: READ_AHEAD_BYTES });
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    const wanted = chunk.subarray(
      Math.max(0, this.range.start - this.offset),
      Math.max(0, this.range.end + 1 - this.offset),
    );
    this.offset += chunk.length;
    if (this.offset > this.size) {
      done(damaged());
      return;
    }
    if (wanted.length > 0) {
      if (this.held.length > 0) this.push(this.held);
      this.held = wanted;
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    const whole = this.offset === this.size && this.hash.digest('hex') === this.sha256;
    if (whole && this.held.length > 0) this.push(this.held);
    done(whole ? null : damaged());
  }
}

function damaged(): Problem {
  return new Problem('upstream_failed', { detail: 'The stored bytes are damaged' });
}
