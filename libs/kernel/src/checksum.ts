import { createHash } from 'node:crypto';

/** Lowercase hexadecimal SHA-256 of raw bytes. */
export type Checksum = string;

export const CHECKSUM = /^[0-9a-f]{64}$/;

export function checksumOf(bytes: Uint8Array): Checksum {
  return createHash('sha256').update(bytes).digest('hex');
}
