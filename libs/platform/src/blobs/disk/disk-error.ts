import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
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

/** A full, failing or unreadable disk is a store that is down; what is already a Problem or an abort stays what it is. */
export function toDiskProblem(error: unknown): unknown {
  const code = codeOf(error);
  if (error instanceof Problem || !/^E[A-Z0-9]+$/.test(code)) return error;
  return code === 'ENOENT' ? new Problem('not_found') : storeUnavailable(error);
}

/** Null for a file that was deleted since it was listed. One that cannot be read is not taken for a deleted one. */
export async function statOf(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw toDiskProblem(error);
  }
}

export function storeUnavailable(cause: unknown): Problem {
  return new Problem('unavailable', { retryAfter: RETRY_AFTER_SECONDS, cause });
}
