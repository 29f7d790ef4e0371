import { DecodedCandidate, type InnerReader } from './decoded-candidate';
import { Base32Decoder, Base64Decoder, HexDecoder } from './decoders';
import { NumberDecoder } from './number-decoder';
import { DecoderPool } from './decoder-pool';
import type { DetectionState } from './detection-state';

const TAGS = 0xe0000;
const SELECTORS = 0xfe00;
const { min } = Math;

/** The texts that are written inside a text by another alphabet of bytes. */
export class EncodedTextDecoders {
  private readonly base64: Base64Decoder;
  private readonly base32: Base32Decoder;
  private readonly hex: HexDecoder;
  private readonly numbers: NumberDecoder;
  private readonly smuggled: DecodedCandidate;

  /** @param depth texts inside texts are not looked through for rare writings. */
  constructor(
    detectionState: DetectionState,
    private readonly depth: number,
    make: () => InnerReader,
  ) {
    const pool = new DecoderPool(detectionState, make);
    this.base64 = new Base64Decoder(pool, depth === 0);
    this.base32 = new Base32Decoder(pool);
    this.hex = new HexDecoder(pool);
    this.numbers = new NumberDecoder(pool);
    this.smuggled = new DecodedCandidate(pool);
  }

  get holdFrom(): number {
    const { base64, base32, hex, numbers, smuggled } = this;
    return min(base64.holdFrom, base32.holdFrom, hex.holdFrom, numbers.holdFrom, smuggled.holdFrom);
  }

  feed(codePoint: number, at: number): void {
    if (codePoint < 128) {
      this.base64.feed(codePoint, at);
      this.hex.feed(codePoint, at);
    }
    if (this.depth > 0) return;
    this.base32.feed(codePoint, at);
    this.numbers.feed(codePoint, at);
    if (codePoint >= SELECTORS) this.smuggle(codePoint, at);
  }

  end(): void {
    for (const decoder of [this.base64, this.base32, this.hex, this.numbers, this.smuggled]) decoder.end();
  }

  /** Tag characters and variation selectors show nothing and carry a byte each. */
  private smuggle(codePoint: number, at: number): void {
    if (codePoint <= SELECTORS + 15) this.smuggled.push(codePoint - SELECTORS, at);
    else if (codePoint >= TAGS && codePoint < TAGS + 0x80) this.smuggled.push(codePoint - TAGS, at);
    else if (codePoint >= 0xe0100 && codePoint <= 0xe01ef) this.smuggled.push(codePoint - 0xe0100 + 16, at);
  }
}
