import { Problem } from '@adiuva/kernel';

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT']);
/** SQLSTATE classes that pass by themselves: connection, resources, operator intervention, lock and serialisation conflicts. */
const PASSING = /^(?:08|53|57|58|55P03|40001|40P01|25006)/;
/** The last is TypeORM's, where a connection has died between two statements of a transaction. */
const PASSING_MESSAGES =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable|already released/;

/** Failures that a repeat may heal become `unavailable`; everything else is a bug or a constraint and is passed on as it is. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  const passing =
    UNREACHABLE.has(code) || (/^[0-9A-Z]{5}$/.test(code) && PASSING.test(code)) || PASSING_MESSAGES.test(error.message);
  return passing ? new Problem('unavailable', { retryAfter: 1, cause: error }) : error;
}

/**
 * Whether PostgreSQL itself has refused a statement and continues to run: then it had no effect. After a lost connection, a shutdown or a
 * crash that is not known.
 */
export function isRolledBack(error: unknown): boolean {
  const refusal = error instanceof Problem ? error.options.cause : error;
  const code = refusal instanceof Error && 'code' in refusal ? String(refusal.code) : '';
  return /^[0-9A-Z]{5}$/.test(code) && !/^(?:08|57P|58|XX)/.test(code) && !UNREACHABLE.has(code);
}

/** Whether a failure of a transaction proves that nothing was committed; after a lost connection that is not known. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Problem && error.status < 500;
}

/** Whether `error` is PostgreSQL's refusal of a duplicate under the unique constraint or index `constraint`. */
export function isDuplicate(error: unknown, constraint: string): boolean {
  if (!(error instanceof Error) || !('driverError' in error)) return false;
  const driver = error.driverError as { code?: string; constraint?: string };
  return driver.code === '23505' && driver.constraint === constraint;
}
