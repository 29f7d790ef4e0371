import { z } from 'zod';

/** The right to fetch one version until a moment, given to one user. Times are seconds since the epoch, to be short. */
export interface DownloadToken {
  readonly versionId: string;
  readonly userId: string;
  readonly expiresAt: number;
  /** Whether it opens what is not approved yet. */
  readonly review: boolean;
}

const Wire = z.tuple([z.uuid(), z.uuid(), z.int().positive(), z.boolean()]);
const MAC_BYTES = 32;

/** Signs with an HMAC of 32 bytes; the result is safe in a URL. */
export function issueToken(token: DownloadToken, mac: (text: string) => Buffer): string {
  const text = JSON.stringify([token.versionId, token.userId, token.expiresAt, token.review]);
  return `${Buffer.from(text).toString('base64url')}.${mac(text).toString('base64url')}`;
}

/** Null when it is forged or expired. */
export function readToken(
  wire: string,
  matches: (text: string, mac: Buffer) => boolean,
  now: Date,
): DownloadToken | null {
  const [payload = '', signature = '', ...rest] = wire.split('.');
  const text = Buffer.from(payload, 'base64url').toString('utf8');
  const mac = Buffer.from(signature, 'base64url');
  // A signature has one spelling only, else a changed one would still pass.
  if (rest.length > 0 || mac.length !== MAC_BYTES || mac.toString('base64url') !== signature || !matches(text, mac))
    return null;
  const parsed = Wire.safeParse(JSON.parse(text));
  if (!parsed.success) return null;
  const [versionId, userId, expiresAt, review] = parsed.data;
  return expiresAt * 1_000 > now.getTime() ? { versionId, userId, expiresAt, review } : null;
}
