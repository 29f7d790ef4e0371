import { Problem } from '@adiuva/kernel';

/** A key that has passed `safeKey` or `parseKey`: `/`-separated segments that are safe as file names and as S3 keys. */
export type BlobKey = string & { readonly __blobKey: unique symbol };

// Lowercase only, because two keys that differ in case are one file on some disks; no leading dot or dash, no trailing dot.
const SEGMENT = /^[a-z0-9](?:[a-z0-9._-]{0,126}[a-z0-9_-])?$/;
const MAX_SEGMENTS = 8;
const MAX_KEY_LENGTH = 512;

/**
 * Joins segments into a key; the one wall against unsafe keys, which every adapter stands behind.
 * @throws Problem `validation_failed` for an empty, over-long, upper-case, dotted or otherwise unsafe segment
 */
export function safeKey(...segments: readonly string[]): BlobKey {
  const key = segments.join('/');
  const fits = segments.length > 0 && segments.length <= MAX_SEGMENTS && key.length <= MAX_KEY_LENGTH;
  if (!fits || !segments.every(isSafeSegment))
    throw new Problem('validation_failed', { detail: 'An object key is unsafe' });
  return key as BlobKey;
}

/** Takes a whole key back from a row or a listing, through the same wall. */
export function parseKey(key: string): BlobKey {
  return safeKey(...key.split('/'));
}

/** Like `parseKey`, for listings that may hold strangers' objects: null in place of a failure. */
export function tryKey(key: string): BlobKey | null {
  const segments = key.split('/');
  return segments.length <= MAX_SEGMENTS && key.length <= MAX_KEY_LENGTH && segments.every(isSafeSegment)
    ? (key as BlobKey)
    : null;
}

function isSafeSegment(segment: string): boolean {
  return SEGMENT.test(segment) && !segment.includes('..');
}
