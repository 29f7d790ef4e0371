import { Aead } from '../crypto/aead';
import { concat, fromUtf8, u32le, utf8, type Bytes } from '../crypto/bytes';
import { DecryptError } from '../crypto/decrypt-error';
import { associatedData } from '../crypto/associated-data';
import { decodeHalves, encodeHalves } from './half';
import type { Ave1Keys } from './sketcher';

/** Where a vector belongs; all of it is bound to the sealed bytes. */
export interface VectorPlace {
  readonly userId: string;
  readonly collection: string;
  readonly id: string;
  readonly epoch: number;
  readonly model: string;
}

/** What the blob holds: the exact vector in half precision, and what the app wants to find beside it. */
export interface VectorContent {
  readonly vector: Float32Array;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Seals and opens the blobs of one collection and epoch. The blob is the record; the sketch is disposable. */
export class VectorSealer {
  private readonly aead: Aead;

  constructor(keys: Ave1Keys) {
    this.aead = new Aead(keys.blob, 'a vector');
  }

  /** Plain text inside: `u32le(dim) || dim halves || UTF-8 JSON of the metadata`. */
  seal(at: VectorPlace, { vector, metadata }: VectorContent): Promise<Bytes> {
    const plain = concat(u32le(vector.length), encodeHalves(vector), utf8(JSON.stringify(metadata)));
    return this.aead.seal(plain, vectorPlace(at));
  }

  /** Throws `DecryptError` unless the bytes were sealed for exactly this place. */
  async open(at: VectorPlace, blob: Uint8Array): Promise<VectorContent> {
    const plain = await this.aead.open(blob, vectorPlace(at));
    const dim = plain.length < 4 ? Infinity : new DataView(plain.buffer, plain.byteOffset).getUint32(0, true);
    const end = 4 + 2 * dim;
    if (end > plain.length) throw new DecryptError('a vector');
    const metadata: unknown = JSON.parse(fromUtf8(plain.subarray(end)));
    return { vector: decodeHalves(plain.subarray(4, end)), metadata: isMetadata(metadata) ? metadata : {} };
  }
}

function vectorPlace({ userId, collection, id, epoch, model }: VectorPlace): string {
  return associatedData('adiuva/vector/1', userId, collection, id, epoch, model);
}

function isMetadata(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
