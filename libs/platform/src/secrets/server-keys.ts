import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a key is for. Different purposes use different keys, all derived from the master key by HKDF-SHA-256 (RFC 5869). */
export type KeyPurpose =
  | 'account-index'
  | 'user-keys'
  | 'refresh-tokens'
  | 'jwt'
  | 'prelogin'
  | 'idempotency'
  | 'continuation'
  | 'cursor'
  | 'download'
  | 'fingerprint'
  | 'plugin-signing'
  | 'review-notes';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;

/** The master key and the keys derived from it. Holds no state of its own beside them. */
export class ServerKeys {
  private readonly derived = new Map<KeyPurpose, Buffer>();

  constructor(private readonly master: string) {}

  key(purpose: KeyPurpose): Buffer {
    const known = this.derived.get(purpose);
    if (known) return known;
    const key = Buffer.from(hkdfSync('sha256', this.master, '', `adiuva/server/1/${purpose}`, KEY_BYTES));
    this.derived.set(purpose, key);
    return key;
  }

  /** HMAC-SHA-256 under the purpose's key: an index that cannot be guessed offline from a copy of the database. */
  hmac(purpose: KeyPurpose, text: string | Uint8Array): Buffer {
    return createHmac('sha256', this.key(purpose)).update(text).digest();
  }

  verifyHmac(purpose: KeyPurpose, text: string, mac: Uint8Array): boolean {
    const expected = this.hmac(purpose, text);
    return mac.length === expected.length && timingSafeEqual(expected, mac);
  }

  seal(purpose: KeyPurpose, plain: Uint8Array, associated: string): Buffer {
    return sealWith(this.key(purpose), plain, associated);
  }

  open(purpose: KeyPurpose, sealed: Uint8Array, associated: string): Buffer {
    return openWith(this.key(purpose), sealed, associated);
  }
}

export function newDataKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

/** 0x01, a 12-byte random IV, AES-256-GCM ciphertext, a 16-byte tag. `associated` names row and column, so that a value cannot be moved. */
export function sealWith(key: Uint8Array, plain: Uint8Array, associated: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(associated, 'utf8'));
  return Buffer.concat([Buffer.of(FORMAT), iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws when the key, the associated text or a byte differs. */
export function openWith(key: Uint8Array, sealed: Uint8Array, associated: string): Buffer {
  if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== FORMAT) throw new Error('not a sealed value');
  const iv = sealed.subarray(1, 1 + IV_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(associated, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(1 + IV_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
}
