import { Problem } from '@adiuva/kernel';
import { decodeBase64 } from '../storage/base64';

/** The bytes of a base64 field. @throws Problem `validation_failed` */
export function bytesOf(field: string, text: string): Buffer {
  const bytes = decodeBase64(text);
  if (bytes) return bytes;
  throw new Problem('validation_failed', {
    errors: [{ field, message: `${field} must be standard base64 with padding` }],
  });
}

/** Most characters of the base64 of so many bytes. */
export function base64Length(bytes: number): number {
  return 4 * Math.ceil(bytes / 3);
}
