import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { owned, utf8, type Bytes } from './bytes';

/** HKDF-SHA-256 (RFC 5869) with an empty salt: 32 bytes for each purpose; different labels give independent keys. */
export function derive(secret: Uint8Array, label: string): Bytes {
  return owned(hkdf(sha256, secret, new Uint8Array(0), utf8(label), 32));
}
