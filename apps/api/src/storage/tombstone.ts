import { base64Length, bytesOf } from '../edge/body/base64';

const MAX_TOMBSTONE_BYTES = 256;

export const TOMBSTONE = {
  format: 'byte',
  maxLength: base64Length(MAX_TOMBSTONE_BYTES),
  description:
    'Up to 256 bytes, opaque to the server, that the change feed returns with the deletion: the proof of the client',
} as const;

/** Null when the client gave none. @throws Problem `validation_failed` */
export function tombstoneOf(text: string | null | undefined): Buffer | null {
  if (text === undefined || text === null) return null;
  return bytesOf('tombstone', text, 1, MAX_TOMBSTONE_BYTES);
}
