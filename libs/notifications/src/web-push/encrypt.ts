import { createCipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

export interface SubscriptionKeys {
  /** base64url of the browser's P-256 point. */
  readonly p256dh: string;
  /** base64url of the shared authentication secret, 16 bytes. */
  readonly auth: string;
}

/** Of the whole body, as push services accept it (RFC 8030, section 7.2). */
export const MAX_BODY_BYTES = 4_096;
const SALT_BYTES = 16;
const POINT_BYTES = 65;
const TAG_BYTES = 16;
const HEADER_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES;
export const MAX_PLAINTEXT_BYTES = MAX_BODY_BYTES - HEADER_BYTES - TAG_BYTES - 1;
const LAST_RECORD = 2;

/** Message encryption for Web Push (RFC 8291): one record of `aes128gcm` (RFC 8188) under a key that only the browser can derive. */
export function encryptPush(
  plaintext: Uint8Array,
  keys: SubscriptionKeys,
  salt = randomBytes(SALT_BYTES),
  ecdh = newKeyPair(),
): Buffer {
  if (plaintext.length > MAX_PLAINTEXT_BYTES) throw new RangeError('the payload is too large for one record');
  const browser = Buffer.from(keys.p256dh, 'base64url');
  const server = ecdh.getPublicKey();
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser, server]);
  const ikm = Buffer.from(
    hkdfSync('sha256', ecdh.computeSecret(browser), Buffer.from(keys.auth, 'base64url'), info, 32),
  );
  const key = Buffer.from(hkdfSync('sha256', ikm, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16));
  const nonce = Buffer.from(hkdfSync('sha256', ikm, salt, Buffer.from('Content-Encoding: nonce\0'), 12));
  const cipher = createCipheriv('aes-128-gcm', key, nonce);
  const size = Buffer.alloc(5);
  size.writeUInt32BE(MAX_BODY_BYTES, 0);
  size.writeUInt8(POINT_BYTES, 4);
  const record = [cipher.update(plaintext), cipher.update(Buffer.of(LAST_RECORD)), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([salt, size, server, ...record]);
}

function newKeyPair() {
  const ecdh = createECDH('prime256v1');
  ecdh.generateKeys();
  return ecdh;
}
