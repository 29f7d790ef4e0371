import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, owned, u32le, utf8, type Bytes } from '../crypto/bytes';
import { derive } from '../crypto/derive';
import { noise, norm } from './noise';
import { Rotation } from './rotation';

/** Documents and queries draw different noise for the same vector. */
export type Domain = 'doc' | 'query';

/** The four keys of one collection, epoch, model and dimension. */
export interface Ave1Keys {
  readonly rot: Bytes;
  readonly noise: Bytes;
  readonly nonce: Bytes;
  readonly blob: Bytes;
}

export interface Sketched {
  readonly nonce: Bytes;
  readonly rotated: Float64Array;
  readonly sketch: Float32Array<ArrayBuffer>;
}

const MIN_LENGTH = 1e-6;
const MAX_DIM = 4096;

/** `vectorKey` is the 32 random bytes of a user's collection and epoch. Section 6.1 of the scheme AVE1. */
export function ave1Keys(vectorKey: Uint8Array, model: string, dim: number): Ave1Keys {
  const key = (label: string): Bytes => derive(vectorKey, `adiuva/ave/1/${label}|${model}|${dim}`);
  return { rot: key('rot'), noise: key('noise'), nonce: key('nonce'), blob: key('blob') };
}

/** The default blur for a dimension, in thousandths: 1.72 at 384, 2.0 at 512. Recall depends on beta over the root of the dimension. */
export function defaultBeta(dim: number): number {
  return Math.round(88 * Math.sqrt(dim));
}

/** Twice the blur: fetch 200 and expect recall of about 0.9. */
export function privateBeta(dim: number): number {
  return Math.round(177 * Math.sqrt(dim));
}

/** Makes sketches: vectors turned by a secret rotation and blurred by deterministic noise, so that the server can compare them roughly. */
export class Sketcher {
  private readonly rotation: Rotation;

  /** `beta` in thousandths, as on the wire. */
  constructor(
    private readonly keys: Ave1Keys,
    private readonly dim: number,
    private readonly beta: number,
  ) {
    if (!Number.isSafeInteger(dim) || dim < 1 || dim > MAX_DIM) throw new RangeError(`dimensions are 1 to ${MAX_DIM}`);
    if (!Number.isSafeInteger(beta) || beta < 0 || beta > 0xffffffff)
      throw new RangeError('beta is in whole thousandths');
    this.rotation = new Rotation(keys.rot, dim);
  }

  /** Queries use the empty id. Throws a `RangeError` for a vector of another dimension, not finite or of no length. */
  sketch(domain: Domain, id: string, vector: ArrayLike<number>): Sketched {
    const unit = unitVector(vector, this.dim);
    const nonce = this.nonce(domain, id, unit);
    const rotated = this.rotation.apply(unit);
    const blur = noise(hmac(sha256, this.keys.noise, nonce), this.dim, this.beta / 1000);
    return { nonce, rotated, sketch: Float32Array.from(rotated, (value, i) => value + (blur[i] ?? 0)) };
  }

  /** Beta is bound too: two sketches of one item under one noise direction could be subtracted from each other. */
  private nonce(domain: Domain, id: string, unit: Float64Array): Bytes {
    const name = utf8(id);
    const coordinates = new DataView(new ArrayBuffer(4 * unit.length));
    unit.forEach((value, i) => coordinates.setFloat32(4 * i, value, true));
    const numbers = new Uint8Array(coordinates.buffer);
    const message = concat(utf8(domain), Uint8Array.of(0), u32le(this.beta), u32le(name.length), name, numbers);
    return owned(hmac(sha256, this.keys.nonce, message).slice(0, 16));
  }
}

export function unitVector(vector: ArrayLike<number>, dim: number): Float64Array {
  if (vector.length !== dim) throw new RangeError(`expected ${dim} numbers, not ${vector.length}`);
  const values = Float64Array.from(vector);
  if (!values.every(Number.isFinite)) throw new RangeError('a vector has only finite numbers');
  const length = norm(values);
  if (!(length >= MIN_LENGTH) || length === Infinity) throw new RangeError('a vector has a length');
  return values.map((value) => value / length);
}
