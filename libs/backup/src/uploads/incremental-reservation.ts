import { Transform, type TransformCallback } from 'node:stream';

/** Passes on no byte that is not reserved yet: calls `reserve` for more whenever the reservation is used up. */
export class IncrementalReservation extends Transform {
  private passed = 0;
  private granted = 0;

  /** @param reserve reserves at least the given number of bytes and returns how many, or throws */
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
      (error: unknown) => done(error instanceof Error ? error : new Error('not reserved')),
    );
  }
}
