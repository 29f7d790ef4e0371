import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a signature of the gateway covers. `path` is the request target as it was sent, with its query. */
export interface SignedContent {
  readonly timestamp: string;
  readonly nonce: string;
  readonly method: string;
  readonly path: string;
  readonly body: Uint8Array;
}

/** The headers that sign a request; `signature` without its `v1=`. */
export interface RequestProof {
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
}

const TIMESTAMP = /^(?:\d{10}|\d{13})$/;
const NONCE = /^[\x21-\x7e]{1,128}$/;
const SIGNATURE = /^v1=([0-9a-f]{64})$/;
const WINDOW_MS = 300_000;

/** Undefined where a header is missing or not in its form. */
export function parseProof(headers: Readonly<Record<string, unknown>>): RequestProof | undefined {
  const { 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature': signed } = headers;
  if (typeof timestamp !== 'string' || typeof nonce !== 'string' || typeof signed !== 'string') return undefined;
  const signature = SIGNATURE.exec(signed)?.[1];
  if (!TIMESTAMP.test(timestamp) || !NONCE.test(nonce) || signature === undefined) return undefined;
  return { timestamp, nonce, signature };
}

/** Unix time of ten digits is in seconds, of thirteen in milliseconds. */
export function isFresh(timestamp: string, now: Date): boolean {
  const ms = Number(timestamp) * (timestamp.length === 10 ? 1_000 : 1);
  return Math.abs(now.getTime() - ms) <= WINDOW_MS;
}

/** Hexadecimal HMAC-SHA-256 of timestamp, nonce, method, path and the body's SHA-256, one a line. */
export function signatureOf(secret: string, { timestamp, nonce, method, path, body }: SignedContent): string {
  const digest = createHash('sha256').update(body).digest('hex');
  return createHmac('sha256', secret).update([timestamp, nonce, method, path, digest].join('\n')).digest('hex');
}

/** Compares with the signature of each secret in constant time. */
export function isSignedBy(secrets: readonly string[], signature: string, content: SignedContent): boolean {
  const given = Buffer.from(signature, 'hex');
  const matches = secrets.map((secret) => timingSafeEqual(Buffer.from(signatureOf(secret, content), 'hex'), given));
  return matches.includes(true);
}
