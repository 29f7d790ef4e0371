/** From here on a body of announced length gets one buffer, so that it never exists twice. */
const LARGE_BYTES = 1024 * 1024;

/** Collects the chunks of a body. */
export class BodyBuffer {
  private chunks: Buffer[] = [];
  private whole: Buffer | undefined;
  private received = 0;

  /** `announced` is the Content-Length; NaN where there is none. */
  constructor(private readonly announced: number) {}

  get size(): number {
    return this.received;
  }

  add(chunk: Buffer): void {
    if (this.whole) chunk.copy(this.whole, this.received);
    else this.chunks.push(chunk);
    this.received += chunk.length;
    if (this.whole || this.received <= LARGE_BYTES || !(this.announced >= this.received)) return;
    // Its pages take no memory before bytes are written to them.
    this.whole = Buffer.allocUnsafeSlow(this.announced);
    let at = 0;
    for (const one of this.chunks) at += one.copy(this.whole, at);
    this.chunks = [];
  }

  /** The whole body; the collector is empty afterwards. */
  take(): Buffer {
    const { chunks, whole, received } = this;
    this.chunks = [];
    this.whole = undefined;
    if (whole) return whole.subarray(0, received);
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, received);
  }
}
