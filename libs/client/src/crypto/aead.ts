import { concat, owned, randomBytes, utf8, type Bytes } from './bytes';
import { DecryptError } from './decrypt-error';

const FORMAT = 0x01;
const IV_LENGTH = 12;
const TAG_LENGTH = 16;

/** Bytes that sealing adds: one of format, twelve of IV, sixteen of tag. */
export const SEAL_OVERHEAD = 1 + IV_LENGTH + TAG_LENGTH;

export type GcmKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/**
 * AES-256-GCM under one key: `0x01 || 12-byte random IV || ciphertext || 16-byte tag`.
 * Random IVs are sound up to 2^32 seals under one key (NIST SP 800-38D, section 8.3).
 */
export class Aead {
  private readonly key: Promise<GcmKey>;

  /** `key` is 32 bytes, or a key of Web Crypto; `what` names the sealed thing in errors, never its content. */
  constructor(
    key: Uint8Array | GcmKey,
    private readonly what: string,
  ) {
    if (!(key instanceof Uint8Array)) {
      this.key = Promise.resolve(key);
      return;
    }
    if (key.length !== 32) throw new RangeError('an AES-256 key has 32 bytes');
    this.key = crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, ['encrypt', 'decrypt']);
  }

  /** `place` is bound as associated data: the same bytes open only under the same place. */
  async seal(plain: Uint8Array, place: string): Promise<Bytes> {
    const iv = randomBytes(IV_LENGTH);
    const parameters = { name: 'AES-GCM', iv, additionalData: utf8(place) };
    const sealed = await crypto.subtle.encrypt(parameters, await this.key, owned(plain));
    return concat(Uint8Array.of(FORMAT), iv, new Uint8Array(sealed));
  }

  /** Throws `DecryptError` for anything that `seal` did not make with this key and place. */
  async open(sealed: Uint8Array, place: string): Promise<Bytes> {
    if (sealed.length < SEAL_OVERHEAD || sealed[0] !== FORMAT) throw new DecryptError(this.what);
    const iv = owned(sealed.subarray(1, 1 + IV_LENGTH));
    const parameters = { name: 'AES-GCM', iv, additionalData: utf8(place) };
    try {
      const body = owned(sealed.subarray(1 + IV_LENGTH));
      return new Uint8Array(await crypto.subtle.decrypt(parameters, await this.key, body));
    } catch (cause) {
      throw new DecryptError(this.what, { cause });
    }
  }
}
