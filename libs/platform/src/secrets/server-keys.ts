import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Keys that are derived from the first master key of an installation and then kept for its whole life, sealed in the database: what is
 * looked up by a keyed hash, and what clients derive from a salt, must stay the same when MASTER_KEY changes.
 */
const LASTING = [
  'account-index',
  'prelogin',
  'idempotency',
  'plugin-signing',
  'review-notes',
  'vapid',
  'audit',
] as const;
type LastingPurpose = (typeof LASTING)[number];

/** What a key is for. Different purposes use different keys, derived from a master key by HKDF-SHA-256 (RFC 5869). */
export type KeyPurpose =
  | LastingPurpose
  | 'installation'
  | 'user-keys'
  | 'recovery'
  | 'continuation'
  | 'download'
  | 'fingerprint'
  | 'mail'
  | 'notifications'
  | 'passkey'
  | 'sso';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const FORMAT = 1;

/**
 * The master key and the keys derived from it. With a previous master key, during a rotation, what was sealed or signed under it is still
 * accepted; new values always use the current one.
 */
export class ServerKeys {
  private readonly derived = new Map<KeyPurpose, Buffer>();
  private readonly previous: ServerKeys | undefined;

  constructor(
    private readonly master: string,
    previous?: string,
  ) {
    this.previous = previous === undefined ? undefined : new ServerKeys(previous);
  }

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
    if (mac.length === expected.length && timingSafeEqual(expected, mac)) return true;
    return this.previous?.verifyHmac(purpose, text, mac) ?? false;
  }

  seal(purpose: KeyPurpose, plain: Uint8Array, associated: string): Buffer {
    return sealWith(this.key(purpose), plain, associated);
  }

  open(purpose: KeyPurpose, sealed: Uint8Array, associated: string): Buffer {
    try {
      return openWith(this.key(purpose), sealed, associated);
    } catch (error) {
      if (!this.previous) throw error;
      return this.previous.open(purpose, sealed, associated);
    }
  }

  /** The value sealed under the current master key; null where it is already. Throws where no key opens it. */
  reseal(purpose: KeyPurpose, sealed: Uint8Array, associated: string): Buffer | null {
    try {
      openWith(this.key(purpose), sealed, associated);
      return null;
    } catch {
      return this.seal(purpose, this.open(purpose, sealed, associated), associated);
    }
  }

  /** The lasting keys as the installation `id` keeps them. Without `loadLasting` before, those that the oldest known master key gives. */
  sealLasting(id: string): Buffer {
    const source = this.previous ?? this;
    for (const purpose of LASTING) if (!this.derived.has(purpose)) this.derived.set(purpose, source.key(purpose));
    const keys = Object.fromEntries(LASTING.map((purpose) => [purpose, this.key(purpose).toString('base64')]));
    return this.seal('installation', Buffer.from(JSON.stringify(keys), 'utf8'), id);
  }

  /** Uses the lasting keys of the installation `id` from now on. Throws where neither master key opens them. */
  loadLasting(id: string, sealed: Uint8Array): void {
    const keys: unknown = JSON.parse(this.open('installation', sealed, id).toString('utf8'));
    for (const [purpose, key] of Object.entries(keys as Record<LastingPurpose, string>)) {
      this.derived.set(purpose as LastingPurpose, Buffer.from(key, 'base64'));
    }
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
  const plain = decipher.update(sealed.subarray(1 + IV_BYTES, sealed.length - TAG_BYTES));
  // Verifies the tag; GCM has no last block.
  decipher.final();
  return plain;
}
