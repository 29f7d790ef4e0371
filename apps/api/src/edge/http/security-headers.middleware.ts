import type { NextFunction, Request, Response } from 'express';

/** For answers that are data: nothing in them may run, be framed, be guessed at or be kept by a cache. */
export function securityHeaders(production: boolean) {
  return (request: Request, response: Response, next: NextFunction): void => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.setHeader('Cache-Control', 'no-store');
    if (production) response.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    if (!request.path.startsWith('/api/docs')) {
      response.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    }
    next();
  };
}
