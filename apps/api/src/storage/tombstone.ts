import { Problem } from '@adiuva/kernel';
import { decodeBase64 } from './base64';

const MAX_TOMBSTONE_BYTES = 256;

export const TOMBSTONE = {
  format: 'byte',
  maxLength: 344,
  description:
    'Up to 256 bytes, opaque to the server, that the change feed returns with the deletion: the proof of the client',
} as const;

/** Null when the client gave none. @throws Problem `validation_failed` */
export function tombstoneOf(text: string | null | undefined): Buffer | null {
  if (text === undefined || text === null) return null;
  const bytes = text.length <= TOMBSTONE.maxLength ? decodeBase64(text) : undefined;
  if (bytes && bytes.length > 0 && bytes.length <= MAX_TOMBSTONE_BYTES) return bytes;
  throw new Problem('validation_failed', {
    errors: [{ field: 'tombstone', message: 'tombstone must be standard base64 of 1 to 256 bytes' }],
  });
}
