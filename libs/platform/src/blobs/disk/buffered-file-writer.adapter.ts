import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';

/** Bytes of one write; as many are buffered meanwhile. */
const BLOCK_BYTES = 1024 * 1024;
/** Fewer than one call of the system takes (1,024), so that bytes that come one by one cost no more than their block. */
const BLOCK_PIECES = 512;

type Done = (error?: Error | null) => void;

/**
 * Writes a stream to the end of an open file in large blocks: one is on its way to the disk while the next is gathered, and who sends
 * faster than the disk waits. Ends when every byte is written; the file stays open, and is its owner's to sync and close.
 */
export class BufferedFileWriter extends Writable {
  private pieces: Buffer[] = [];
  private bytes = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly file: Pick<FileHandle, 'writev'>) {
    super({ highWaterMark: 256 * 1024 });
  }

  override _write(piece: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.pieces.push(piece);
    this.bytes += piece.length;
    if (this.bytes < BLOCK_BYTES && this.pieces.length < BLOCK_PIECES) done();
    else this.startBlock().then(() => done(), done);
  }

  override _final(done: Done): void {
    void this.startBlock();
    this.writing.then(() => done(), done);
  }

  /** Resolves when the block before it is written. */
  private startBlock(): Promise<void> {
    const { pieces, writing: before } = this;
    this.pieces = [];
    this.bytes = 0;
    this.writing = before.then(() => writeAll(this.file, pieces));
    // The caller that waits for it, or for the next block, gets the failure; an aborted stream has no caller.
    this.writing.catch(() => undefined);
    return before;
  }
}

/** The system may take less than it is given, for instance of a disk that is nearly full. */
async function writeAll(file: Pick<FileHandle, 'writev'>, pieces: readonly Buffer[]): Promise<void> {
  for (let left = pieces; left.length > 0;) {
    const { bytesWritten } = await file.writev(left);
    left = behind(left, bytesWritten);
  }
}

function behind(pieces: readonly Buffer[], bytes: number): Buffer[] {
  let skip = bytes;
  return pieces.flatMap((piece) => {
    const rest = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - rest.length;
    return rest.length > 0 ? [rest] : [];
  });
}
