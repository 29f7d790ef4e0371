/** An object of the blob store in a pack. */
export interface PackedObject {
  readonly key: string;
  readonly size: number;
}

const LENGTH_BYTES = 4;
const MAX_HEADER = 4096;

/** What precedes the bytes of an object in a pack: the length of a JSON text, and the text. */
export function packHeader({ key, size }: PackedObject): Buffer {
  const text = Buffer.from(JSON.stringify({ key, size }), 'utf8');
  const header = Buffer.alloc(LENGTH_BYTES + text.length);
  header.writeUInt32BE(text.length);
  text.copy(header, LENGTH_BYTES);
  return header;
}

/** Reads a pack object by object. The bytes of one must have been read, or skipped by asking for the next, before the next is asked for. */
export class PackReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private buffer: Buffer = Buffer.alloc(0);
  /** Bytes of the present object that have not been read. */
  private left = 0;

  constructor(bytes: AsyncIterable<Buffer>) {
    this.chunks = bytes[Symbol.asyncIterator]();
  }

  /** Null at the end of the pack. */
  async next(): Promise<PackedObject | null> {
    while (this.left > 0) await this.some();
    if (!(await this.fill(LENGTH_BYTES))) return null;
    const length = this.take(LENGTH_BYTES).readUInt32BE();
    if (length > MAX_HEADER || !(await this.fill(length))) throw new Error('a pack is cut');
    const header: unknown = JSON.parse(this.take(length).toString('utf8'));
    const { key, size } = header as PackedObject;
    this.left = size;
    return { key, size };
  }

  /** The bytes of the object that `next` returned. */
  async *bytes(): AsyncGenerator<Buffer> {
    while (this.left > 0) yield await this.some();
  }

  private async some(): Promise<Buffer> {
    if (!(await this.fill(1))) throw new Error('a pack is cut');
    const chunk = this.take(Math.min(this.left, this.buffer.length));
    this.left -= chunk.length;
    return chunk;
  }

  /** False at the end of the bytes. Throws where they end after fewer than `length`. */
  private async fill(length: number): Promise<boolean> {
    const parts = [this.buffer];
    let size = this.buffer.length;
    while (size < length) {
      const next: IteratorResult<Buffer, undefined> = await this.chunks.next();
      if (next.done === true) {
        if (size > 0) throw new Error('a pack is cut');
        return false;
      }
      parts.push(next.value);
      size += next.value.length;
    }
    if (parts.length > 1) this.buffer = Buffer.concat(parts);
    return true;
  }

  private take(length: number): Buffer {
    const taken = this.buffer.subarray(0, length);
    this.buffer = this.buffer.subarray(length);
    return taken;
  }
}
