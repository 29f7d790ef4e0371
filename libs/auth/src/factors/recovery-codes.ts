import { createHash, randomBytes } from 'node:crypto';
import { base32 } from './totp';

const CODES = 10;
const CODE_BYTES = 10;
const GROUP = /.{4}/g;

/** Ten codes of 80 random bits, in groups of four characters. */
export function newRecoveryCodes(): string[] {
  return Array.from({ length: CODES }, () => (base32(randomBytes(CODE_BYTES)).match(GROUP) ?? []).join('-'));
}

/** What is stored of a code. Case, spaces and dashes do not count. */
export function recoveryCodeHash(userId: string, code: string): Buffer {
  const plain = code.replaceAll(/[\s-]/g, '').toUpperCase();
  return createHash('sha256').update(`recovery-code|${userId}|${plain}`).digest();
}
