import { ApiProblem, ClientError, ConnectionProblem } from '@adiuva/client';
import { hasText, t } from '../texts/texts';

/** What a user reads of an error: the text of its code where there is one, else what the server says. */
export function messageOf(error: unknown): string {
  if (error instanceof ConnectionProblem) return t('problem.unreachable');
  if (error instanceof ApiProblem) {
    const key = `problem.${error.code}`;
    if (hasText(key)) return t(key);
    const [first] = error.errors;
    return first ? `${error.message} (${first.field}: ${first.message})` : error.message;
  }
  if (error instanceof ClientError) {
    // A refused sign-in has the code of a problem.
    const key = `problem.${'code' in error ? String(error.code) : error.name}`;
    return hasText(key) ? t(key) : error.message;
  }
  return t('problem.unexpected');
}

export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ApiProblem && error.requestId !== '' ? error.requestId : undefined;
}

export function isProblem(error: unknown, ...codes: readonly string[]): error is ApiProblem {
  return error instanceof ApiProblem && codes.includes(error.code);
}

/** What the server says of one field. */
export function faultOf(error: unknown, field: string): string | undefined {
  return error instanceof ApiProblem ? error.errors.find((fault) => fault.field === field)?.message : undefined;
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}
