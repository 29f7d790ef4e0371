import { Problem } from '@adiuva/kernel';

/** What a vector database that is not ours failed with: `unavailable` where a repeat may heal it, else `upstream_failed`. */
export function toVectorStoreProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = error instanceof Error && 'status' in error ? Number(error.status) : NaN;
  const name = error instanceof Error ? error.name : '';
  const refused = (status >= 400 && status < 500 && status !== 408 && status !== 429) || REFUSALS.has(name);
  return refused
    ? new Problem('upstream_failed', { cause: error })
    : new Problem('unavailable', { retryAfter: 2, cause: error });
}

/** Of Pinecone's client, whose errors carry no status. */
const REFUSALS = new Set([
  'PineconeAuthorizationError',
  'PineconeBadRequestError',
  'PineconeNotFoundError',
  'PineconeArgumentError',
  'PineconeUnprocessableEntityError',
]);
