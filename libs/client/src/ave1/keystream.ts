import { chacha20 } from '@noble/ciphers/chacha.js';

const BLOCK = 64;
const NONCE = new Uint8Array(12);
const STEP_BLOCKS = 32;

/** The words of ChaCha20 (RFC 8439) under a key with a zero nonce from counter 0, read little-endian, as many as are asked for. */
export class Keystream {
  private words = new DataView(new ArrayBuffer(0));
  private at = 0;
  private counter = 0;

  constructor(private readonly key: Uint8Array) {}

  /** The next unsigned 32-bit word. */
  word(): number {
    if (this.at === this.words.byteLength) this.refill();
    const word = this.words.getUint32(this.at, true);
    this.at += 4;
    return word;
  }

  /** A word below `n` without bias: words at or above the last multiple of `n` are drawn again. */
  below(n: number): number {
    const limit = Math.floor(2 ** 32 / n) * n;
    for (;;) {
      const word = this.word();
      if (word < limit) return word % n;
    }
  }

  /** A uniform number in [0, 1) of 53 bits from two words, the first giving the upper 27. */
  uniform(): number {
    const upper = this.word() >>> 5;
    const lower = this.word() >>> 6;
    return (upper * 2 ** 26 + lower) / 2 ** 53;
  }

  private refill(): void {
    const zeros = new Uint8Array(STEP_BLOCKS * BLOCK);
    const stream = chacha20(this.key, NONCE, zeros, undefined, this.counter);
    this.counter += STEP_BLOCKS;
    this.words = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
    this.at = 0;
  }
}
