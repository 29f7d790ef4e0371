import { isNativeError } from 'node:util/types';
import { Problem } from '@adiuva/kernel';

const RETRY_AFTER_SECONDS = 5;

/** The system's word for a failed file operation (`ENOENT`, `ENOSPC`, …); '' when it is none. */
export function codeOf(error: unknown): string {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

export function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** A full, failing or unreadable disk is a store that is down; what is already a Problem or an abort stays what it is. */
export function toDiskProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof Problem || !/^E[A-Z0-9]+$/.test(code)) return error;
  return code === 'ENOENT'
    ? new Problem('not_found')
    : new Problem('unavailable', { retryAfter: RETRY_AFTER_SECONDS, cause: error });
}
