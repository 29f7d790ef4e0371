import { Problem } from '@adiuva/kernel';
import { decodeBase64 } from '../storage/base64';

const KEY_BYTES = 32;
const KEYRING_BYTES = 65_536;

export const RECOVERY_KEY = {
  format: 'byte',
  maxLength: 44,
  example: 'gPj0rxUe2qN6xcPZUHsvVlRtSAVDiyMHsjRZyFHvK5M=',
} as const;

/** Null where none was given. @throws Problem `validation_failed` */
export function recoveryKeyOf(text: string | null | undefined): Buffer | null {
  return text === null || text === undefined ? null : bytesOf('recovery_key', text, KEY_BYTES, KEY_BYTES);
}

/** @throws Problem `validation_failed` */
export function keyringBytes(text: string): Buffer {
  return bytesOf('keyring', text, 1, KEYRING_BYTES);
}

/** @throws Problem `validation_failed` */
export function bytesOf(field: string, text: string, min: number, max: number): Buffer {
  const bytes = decodeBase64(text);
  if (bytes && bytes.length >= min && bytes.length <= max) return bytes;
  const length = min === max ? `${min}` : `${min} to ${max}`;
  const message = `${field} must be standard base64 of ${length} bytes`;
  throw new Problem('validation_failed', { errors: [{ field, message }] });
}
