import { Transform, type TransformCallback } from 'node:stream';

/** Passes on no byte for which there is no room yet: `reserve` is asked for more whenever what it gave is used up. */
export class IncrementalReservation extends Transform {
  private passed = 0;
  private granted = 0;

  /** @param reserve is asked for a number of bytes and says how many it gave: at least as many as asked for, or it throws */
  constructor(private readonly reserve: (bytes: number) => Promise<number>) {
    super();
  }

  get grantedBytes(): number {
    return this.granted;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.passed += chunk.length;
    if (this.passed <= this.granted) {
      done(null, chunk);
      return;
    }
    this.reserve(this.passed - this.granted).then(
      (bytes) => {
        this.granted += bytes;
        done(null, chunk);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error('no room')),
    );
  }
}
