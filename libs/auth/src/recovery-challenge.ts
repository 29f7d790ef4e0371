import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { checksumOf } from '@adiuva/kernel';

/** What the words give: an Ed25519 key (RFC 8032), of which the server has the public half. */
export const RECOVERY_KEY_BYTES = 32;
export const CHALLENGE_TTL_MS = 5 * 60 * 1000;

const NONCE_BYTES = 16;
const TIME_BYTES = 6;
const MAC_BYTES = 16;

export interface RecoveryChallenge {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

type Hmac = (text: string) => Buffer;

/** Base64url of nonce, time of issue and MAC. The server keeps nothing of it, so the answer is the same for every address. */
export function issueChallenge(accountIndex: Buffer, now: number, hmac: Hmac): string {
  const body = Buffer.alloc(NONCE_BYTES + TIME_BYTES);
  randomBytes(NONCE_BYTES).copy(body);
  body.writeUIntBE(now, NONCE_BYTES, TIME_BYTES);
  return Buffer.concat([body, macOf(body, accountIndex, hmac)]).toString('base64url');
}

/** Null for what this server did not issue for the account. */
export function readChallenge(text: string, accountIndex: Buffer, hmac: Hmac): RecoveryChallenge | null {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== NONCE_BYTES + TIME_BYTES + MAC_BYTES) return null;
  const body = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
  if (!macOf(body, accountIndex, hmac).equals(bytes.subarray(body.length))) return null;
  const issuedAt = body.readUIntBE(NONCE_BYTES, TIME_BYTES);
  return { issuedAt, expiresAt: issuedAt + CHALLENGE_TTL_MS };
}

/** What is signed to read the keyring. */
export function readMessage(challenge: string): string {
  return ['adiuva account recovery 1', 'read', challenge, ''].join('\n');
}

/** What is signed to set a new secret and keyring; both are bound, so that no intermediary can replace them. */
export function resetMessage(challenge: string, newPassword: string, keyring: Buffer): string {
  const digests = [checksumOf(Buffer.from(newPassword, 'utf8')), checksumOf(keyring)];
  return ['adiuva account recovery 1', 'reset', challenge, ...digests, ''].join('\n');
}

/** An unknown account is checked against a key whose private half does not exist, which takes as long. */
export function isSignedBy(publicKey: Buffer | null | undefined, message: string, signature: Buffer): boolean {
  const x = (publicKey ?? UNKNOWN).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, Buffer.from(message, 'utf8'), key, signature) && publicKey?.length === RECOVERY_KEY_BYTES;
}

const UNKNOWN = randomBytes(RECOVERY_KEY_BYTES);

function macOf(body: Buffer, accountIndex: Buffer, hmac: Hmac): Buffer {
  return hmac(`${accountIndex.toString('hex')}|${body.toString('hex')}`).subarray(0, MAC_BYTES);
}
