import cors from 'cors';
import type { NextFunction, Request, Response } from 'express';
import { originMatcher } from './origin-matcher';

const EXPOSED_HEADERS = [
  'X-Request-Id',
  'X-Checksum',
  'X-Backup-Id',
  'X-Backup-Version',
  'X-Backup-Timestamp',
  'X-Backup-Checksum',
  'Content-Range',
  'X-Total-Count',
  'Link',
  'ETag',
  'Last-Modified',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
  'Idempotency-Replayed',
];
const PREFLIGHT_SECONDS = 600;

/** Lets the pages of the allowed origins read our answers. Requests that no browser has sent across origins pass by. */
export function crossOrigin(origins: readonly string[]) {
  const allowed = originMatcher(origins);
  const answer = cors({
    origin: (origin, decide) => decide(null, allowed(origin)),
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  return (request: Request, response: Response, next: NextFunction): void => {
    if (request.headers.origin === undefined) next();
    else answer(request, response, next);
  };
}
