import { isNativeError } from 'node:util/types';
import { Problem } from '@adiuva/kernel';

const RETRY_AFTER_SECONDS = 5;

/** The error code of a failed file operation (`ENOENT`, `ENOSPC`, …); '' for other errors. */
export function codeOf(error: unknown): string {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** Whether the bytes of one file cannot be read: a bad sector, or something else in the place of the file. */
export function isUnreadable(error: unknown): boolean {
  return codeOf(error) === 'EIO' || codeOf(error) === 'EISDIR';
}

/** A full, failing or unreadable disk is a store that is down; what is already a Problem or an abort stays what it is. */
export function toDiskProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof Problem || !/^E[A-Z0-9]+$/.test(code)) return error;
  return code === 'ENOENT' ? new Problem('not_found') : storeUnavailable(error);
}

export function storeUnavailable(cause: unknown): Problem {
  return new Problem('unavailable', { retryAfter: RETRY_AFTER_SECONDS, cause });
}
