import { DecodedCandidate, type InnerReader } from './decoded-candidate';
import { Base64Decoder, HexDecoder } from './decoders';
import { BracketFilter, RepeatedWordFilter } from './filler-filters';
import { MorseDecoder } from './morse-decoder';
import { NumberDecoder } from './number-decoder';
import { DecoderPool } from './decoder-pool';
import type { DetectionState } from './detection-state';
import { RadixDecoder } from './radix-decoder';
import { WordReader } from './word-reader';

const TAGS = 0xe0000;
const SELECTORS = 0xfe00;
const { min } = Math;

interface RareDecoder {
  readonly holdFrom: number;
  feed(codePoint: number, at: number): void;
  end(): void;
}

/** The texts that are written inside a text by another alphabet of bytes. */
export class EncodedTextDecoders {
  private readonly base64: Base64Decoder;
  private readonly hex: HexDecoder;
  private readonly smuggled: DecodedCandidate;
  /** Encodings that only the outer text is searched for. */
  private readonly rare: readonly RareDecoder[];

  /** @param depth texts inside texts are not looked through for rare writings. */
  constructor(
    detectionState: DetectionState,
    private readonly depth: number,
    make: () => InnerReader,
  ) {
    const pool = new DecoderPool(detectionState, make);
    this.base64 = new Base64Decoder(pool, depth === 0);
    this.hex = new HexDecoder(pool);
    this.smuggled = new DecodedCandidate(pool);
    this.rare =
      depth > 0
        ? []
        : [
            new RadixDecoder(pool),
            new WordReader(detectionState),
            new NumberDecoder(pool),
            new MorseDecoder(pool),
            new BracketFilter(pool),
            new RepeatedWordFilter(pool),
          ];
  }

  get holdFrom(): number {
    let from = min(this.base64.holdFrom, this.hex.holdFrom, this.smuggled.holdFrom);
    for (const decoder of this.rare) from = min(from, decoder.holdFrom);
    return from;
  }

  feed(codePoint: number, at: number): void {
    if (codePoint < 128) {
      this.base64.feed(codePoint, at);
      this.hex.feed(codePoint, at);
    }
    if (this.depth > 0) return;
    for (const decoder of this.rare) decoder.feed(codePoint, at);
    if (codePoint >= SELECTORS) this.smuggle(codePoint, at);
  }

  end(): void {
    for (const decoder of [this.base64, this.hex, this.smuggled, ...this.rare]) decoder.end();
  }

  /** Tag characters and variation selectors show nothing and carry a byte each. */
  private smuggle(codePoint: number, at: number): void {
    if (codePoint <= SELECTORS + 15) this.smuggled.push(codePoint - SELECTORS, at);
    else if (codePoint >= TAGS && codePoint < TAGS + 0x80) this.smuggled.push(codePoint - TAGS, at);
    else if (codePoint >= 0xe0100 && codePoint <= 0xe01ef) this.smuggled.push(codePoint - 0xe0100 + 16, at);
  }
}
