import { Problem, type ProblemCode } from '@adiuva/kernel';

const TEMPORARY: ReadonlySet<ProblemCode> = new Set([
  'unavailable',
  'upstream_failed',
  'upstream_timeout',
  'rate_limited',
  'internal_error',
]);

/** The failure of an attempt as a code of the one table; its text stays here. */
export function stepFault(error: unknown, timedOut: boolean): Problem {
  if (timedOut) return new Problem('upstream_timeout', { cause: error });
  return error instanceof Problem ? error : new Problem('internal_error', { cause: error });
}

/** Whether the same step may succeed later. */
export function isTemporary({ code }: Problem): boolean {
  return TEMPORARY.has(code);
}
