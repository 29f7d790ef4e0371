import type { CharacterSink } from '../normalise/unescaper';

/** Behind every place. */
const NONE = Infinity;

/** A reader of a text inside the text. */
export interface InnerReader extends CharacterSink {
  readonly holdFrom: number;
  end(): void;
  reset(): void;
}

/** Opens inner readers; `undefined` when enough of them are open. */
export interface InnerReaders {
  open(): InnerReader | undefined;
  close(reader: InnerReader): void;
}

const OPENS_AT = 10;
const MAX_NON_TEXT = 3;

/** What one decoder yields: as soon as it looks like text, and as long as it does, it is read as text. */
export class DecodedCandidate {
  private readonly bytes = new Uint8Array(OPENS_AT);
  private readonly places = new Int32Array(OPENS_AT);
  private run = 0;
  private nonTextCount = 0;
  private reader: InnerReader | undefined;

  /** @param heldAt bytes in a row from which they are held back, though they are no text yet. */
  constructor(
    private readonly readers: InnerReaders,
    private readonly heldAt = 8,
  ) {}

  get holdFrom(): number {
    if (this.reader) return this.reader.holdFrom;
    return this.run >= this.heldAt ? (this.places[0] ?? 0) : NONE;
  }

  get idle(): boolean {
    return this.run === 0 && this.reader === undefined;
  }

  /** Takes a byte (or any number: what is no byte is strange). */
  push(byte: number, at: number): void {
    if (byte === 0) return;
    if ((byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d)) this.text(byte, at);
    else if (this.run > 0 || this.reader) this.nonText();
  }

  /** The writing was interrupted by something that cannot belong to it. */
  break(): void {
    if (this.reader) this.nonText();
    else this.run = 0;
  }

  end(): void {
    this.reader?.end();
    this.close();
  }

  private text(byte: number, at: number): void {
    this.nonTextCount = 0;
    if (this.reader) {
      this.reader.feed(byte, at);
      return;
    }
    this.bytes[this.run] = byte;
    this.places[this.run] = at;
    this.run += 1;
    if (this.run === OPENS_AT) this.open();
  }

  private nonText(): void {
    if (!this.reader) this.run = 0;
    else if (++this.nonTextCount > MAX_NON_TEXT) this.close();
  }

  private open(): void {
    const reader = this.readers.open();
    this.reader = reader;
    this.run = 0;
    if (!reader) return;
    this.bytes.forEach((byte, i) => reader.feed(byte, this.places[i] ?? 0));
  }

  private close(): void {
    if (this.reader) this.readers.close(this.reader);
    this.reader = undefined;
    this.run = 0;
    this.nonTextCount = 0;
  }
}
