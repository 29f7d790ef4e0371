import { x25519 } from '@noble/curves/ed25519.js';
import { expand, extract } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat, owned, utf8, type Bytes } from './bytes';
import { DecryptError } from './decrypt-error';

/** RFC 9180, base mode, single shot: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
const KEM = concat(utf8('KEM'), Uint8Array.of(0x00, 0x20));
const SUITE = concat(utf8('HPKE'), Uint8Array.of(0x00, 0x20, 0x00, 0x01, 0x00, 0x02));
const VERSION = utf8('HPKE-v1');
const EMPTY = new Uint8Array(0);
const MODE_BASE = Uint8Array.of(0);
const ENCAPSULATED_BYTES = 32;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const HASH_BYTES = 32;

/** What was sealed to the key of `privateKey` (32 bytes). Throws `DecryptError` when a byte, the info or the associated data differs. */
export async function hpkeOpen(
  privateKey: Uint8Array,
  sealed: Uint8Array,
  info: string,
  associated: string,
): Promise<Bytes> {
  try {
    const encapsulated = sealed.subarray(0, ENCAPSULATED_BYTES);
    const shared = sharedSecret(
      x25519.getSharedSecret(privateKey, encapsulated),
      concat(encapsulated, x25519.getPublicKey(privateKey)),
    );
    const { key, nonce } = keySchedule(shared, utf8(info));
    const aes = await crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, ['decrypt']);
    const parameters = { name: 'AES-GCM', iv: owned(nonce), additionalData: utf8(associated) };
    const body = owned(sealed.subarray(ENCAPSULATED_BYTES));
    return new Uint8Array(await crypto.subtle.decrypt(parameters, aes, body));
  } catch (cause) {
    throw new DecryptError('key', { cause });
  }
}

function sharedSecret(dh: Uint8Array, context: Uint8Array): Uint8Array {
  const prk = labeledExtract(KEM, EMPTY, 'eae_prk', dh);
  return labeledExpand(KEM, prk, 'shared_secret', context, HASH_BYTES);
}

function keySchedule(shared: Uint8Array, info: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  const context = concat(
    MODE_BASE,
    labeledExtract(SUITE, EMPTY, 'psk_id_hash', EMPTY),
    labeledExtract(SUITE, EMPTY, 'info_hash', info),
  );
  const secret = labeledExtract(SUITE, shared, 'secret', EMPTY);
  return {
    key: labeledExpand(SUITE, secret, 'key', context, KEY_BYTES),
    nonce: labeledExpand(SUITE, secret, 'base_nonce', context, NONCE_BYTES),
  };
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, input: Uint8Array): Uint8Array {
  return extract(sha256, concat(VERSION, suite, utf8(label), input), salt);
}

function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
): Uint8Array {
  const labeled = concat(Uint8Array.of(length >> 8, length & 0xff), VERSION, suite, utf8(label), info);
  return expand(sha256, prk, labeled, length);
}
