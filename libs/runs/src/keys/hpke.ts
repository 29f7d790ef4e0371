import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/** RFC 9180, base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
const KEM = Buffer.concat([Buffer.from('KEM'), Buffer.of(0x00, 0x20)]);
const SUITE = Buffer.concat([Buffer.from('HPKE'), Buffer.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02)]);
const VERSION = Buffer.from('HPKE-v1');
const NOTHING = Buffer.alloc(0);
const MODE_BASE = Buffer.of(0);
const HASH_BYTES = 32;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const X25519_BYTES = 32;

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** The encapsulated key (32 bytes), then the ciphertext with its tag. Throws for a public key that X25519 refuses. */
export function hpkeSeal(publicKey: Buffer, plain: Buffer, info: Buffer, associated: Buffer): Buffer {
  const ephemeral = generateKeyPairSync('x25519');
  const encapsulated = rawKey(ephemeral.publicKey);
  const recipient = publicKeyOf(publicKey);
  const shared = sharedSecret(
    diffieHellman({ privateKey: ephemeral.privateKey, publicKey: recipient }),
    Buffer.concat([encapsulated, publicKey]),
  );
  const { key, nonce } = keySchedule(shared, info);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  return Buffer.concat([encapsulated, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plaintext of what `hpkeSeal` made for this pair. Throws when a byte, the info or the associated data differs. */
export function hpkeOpen(pair: KeyPair, sealed: Buffer, info: Buffer, associated: Buffer): Buffer {
  const encapsulated = sealed.subarray(0, X25519_BYTES);
  const dh = diffieHellman({ privateKey: pair.privateKey, publicKey: publicKeyOf(encapsulated) });
  const { key, nonce } = keySchedule(sharedSecret(dh, Buffer.concat([encapsulated, rawKey(pair.publicKey)])), info);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(X25519_BYTES, -TAG_BYTES)), decipher.final()]);
}

export function newKeyPair(): KeyPair {
  return generateKeyPairSync('x25519');
}

export function rawKey(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

function publicKeyOf(raw: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: raw.toString('base64url') }, format: 'jwk' });
}

function sharedSecret(dh: Buffer, context: Buffer): Buffer {
  const prk = labeledExtract(KEM, NOTHING, 'eae_prk', dh);
  return labeledExpand(KEM, prk, 'shared_secret', context, HASH_BYTES);
}

function keySchedule(shared: Buffer, info: Buffer): { key: Buffer; nonce: Buffer } {
  const context = Buffer.concat([
    MODE_BASE,
    labeledExtract(SUITE, NOTHING, 'psk_id_hash', NOTHING),
    labeledExtract(SUITE, NOTHING, 'info_hash', info),
  ]);
  const secret = labeledExtract(SUITE, shared, 'secret', NOTHING);
  return {
    key: labeledExpand(SUITE, secret, 'key', context, KEY_BYTES),
    nonce: labeledExpand(SUITE, secret, 'base_nonce', context, NONCE_BYTES),
  };
}

function labeledExtract(suite: Buffer, salt: Buffer, label: string, input: Buffer): Buffer {
  const key = salt.length === 0 ? Buffer.alloc(HASH_BYTES) : salt;
  return createHmac('sha256', key)
    .update(Buffer.concat([VERSION, suite, Buffer.from(label), input]))
    .digest();
}

/** HKDF-Expand of one block, which is all that 32 bytes need. */
function labeledExpand(suite: Buffer, prk: Buffer, label: string, info: Buffer, length: number): Buffer {
  const labeled = Buffer.concat([Buffer.of(length >> 8, length & 0xff), VERSION, suite, Buffer.from(label), info]);
  return createHmac('sha256', prk).update(labeled).update(Buffer.of(1)).digest().subarray(0, length);
}
