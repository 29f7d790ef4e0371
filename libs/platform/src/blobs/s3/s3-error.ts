import { isNativeError } from 'node:util/types';
import { Problem } from '@adiuva/kernel';

/** Seconds after which a client may try a store that is down again; the breaker probes more often than that. */
const RETRY_AFTER_SECONDS = 5;

const MISSING = new Set(['NoSuchKey', 'NoSuchUpload', 'NotFound']);
const CHANGED = new Set(['InvalidPart', 'InvalidPartOrder', 'EntityTooSmall']);

/** Whether a failure says that the store itself is in trouble; refusals of one request, and our own aborts, do not. */
export function isOutage(error: unknown): boolean {
  if (error instanceof Problem || !isNativeError(error) || error.name === 'AbortError') return false;
  const status = statusOf(error);
  return status === null || status >= 500 || status === 429 || status === 401 || status === 403;
}

/** Puts a failure of the SDK into our words; what is already a Problem or an abort stays what it is. */
export function toS3Problem(error: unknown): unknown {
  if (error instanceof Problem || !isNativeError(error) || error.name === 'AbortError') return error;
  if (MISSING.has(error.name)) return new Problem('not_found');
  if (error.name === 'InvalidRange') return new Problem('range_not_satisfiable');
  if (CHANGED.has(error.name)) return new Problem('conflict', { cause: error });
  return new Problem('unavailable', { retryAfter: RETRY_AFTER_SECONDS, cause: error });
}

/** The status of the store's answer; null when there was none. */
function statusOf(error: Error): number | null {
  const metadata: unknown = '$metadata' in error ? error.$metadata : null;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return null;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : null;
}
