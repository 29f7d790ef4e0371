import { Problem } from '@adiuva/kernel';

const LONGEST_RETRY_AFTER = 300;

/** What a provider's failure means to our client. Nothing of the provider's own words is passed on. */
export function translateModelError(error: unknown, provider: string): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  const cause = error;
  if (status === 429 || status === 503 || status === 529) {
    return new Problem('unavailable', {
      detail: `The language model (${provider}) is overloaded`,
      retryAfter: retryAfterOf(error),
      cause,
    });
  }
  if (status === 408 || status === 504) {
    return new Problem('upstream_timeout', {
      detail: `The language model (${provider}) did not answer in time`,
      cause,
    });
  }
  if (status === 401 || status === 402 || status === 403) {
    return new Problem('upstream_failed', { detail: `The language model (${provider}) refuses our key`, cause });
  }
  return new Problem('upstream_failed', { detail: `The language model (${provider}) failed`, cause });
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('status' in error && typeof error.status === 'number') return error.status;
  if ('status_code' in error && typeof error.status_code === 'number') return error.status_code;
  return undefined;
}

function retryAfterOf(error: unknown): number {
  const headers = typeof error === 'object' && error !== null && 'headers' in error ? error.headers : undefined;
  const header = headers instanceof Headers ? headers.get('retry-after') : undefined;
  const seconds = Number(header);
  return header && Number.isFinite(seconds) && seconds > 0 ? Math.min(Math.ceil(seconds), LONGEST_RETRY_AFTER) : 5;
}
