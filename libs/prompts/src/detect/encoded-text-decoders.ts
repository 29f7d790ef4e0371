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

  private readonly radixes: RadixDecoder | undefined;
  private readonly words: WordReader | undefined;

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
    this.radixes = depth > 0 ? undefined : new RadixDecoder(pool);
    this.words = depth > 0 ? undefined : new WordReader(detectionState);
    this.rare =
      depth > 0
        ? []
        : [new NumberDecoder(pool), new MorseDecoder(pool), new BracketFilter(pool), new RepeatedWordFilter(pool)];
  }

  get holdFrom(): number {
    let from = min(this.base64.holdFrom, this.hex.holdFrom, this.smuggled.holdFrom);
    for (const decoder of this.rare) from = min(from, decoder.holdFrom);
    if (!this.radixes || !this.words) return from;
    return min(from, this.radixes.holdFrom, this.words.holdFrom);
  }

  feed(codePoint: number, at: number): void {
    if (codePoint < 128) {
      this.base64.feed(codePoint, at);
      this.hex.feed(codePoint, at);
    }
    if (this.depth > 0) return;
    this.radixes?.feed(codePoint, at);
    this.words?.feed(codePoint, at);
    for (const decoder of this.rare) decoder.feed(codePoint, at);
    if (codePoint >= SELECTORS) this.smuggle(codePoint, at);
  }

  end(): void {
    for (const decoder of [this.base64, this.hex, this.smuggled, ...this.rare]) decoder.end();
    this.radixes?.end();
    this.words?.end();
  }

  /** Tag characters and variation selectors show nothing and carry a byte each. */
  private smuggle(codePoint: number, at: number): void {
    if (codePoint <= SELECTORS + 15) this.smuggled.push(codePoint - SELECTORS, at);
    else if (codePoint >= TAGS && codePoint < TAGS + 0x80) this.smuggled.push(codePoint - TAGS, at);
    else if (codePoint >= 0xe0100 && codePoint <= 0xe01ef) this.smuggled.push(codePoint - 0xe0100 + 16, at);
  }
}
