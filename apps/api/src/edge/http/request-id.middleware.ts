import { randomUUID } from 'node:crypto';
import type { NextFunction, Response } from 'express';
import { requestContext, type Log, type Metrics, type Span, type Tracing } from '@adiuva/platform';
import type { EdgeRequest } from '../principal';

const ACCEPTED = /^[A-Za-z0-9._:-]{1,128}$/;

/** Gives every request its id, and every response a log line and a measurement. Paths are logged as route patterns, never as sent. */
export function requestId(log: Log, metrics: Metrics, tracing: Tracing, trustProxy: number) {
  const warnOfProxy = proxyWarning(log, trustProxy);
  return (request: EdgeRequest, response: Response, next: NextFunction): void => {
    const started = performance.now();
    request.requestId = acceptedId(request.headers['x-request-id']);
    response.setHeader('X-Request-Id', request.requestId);
    warnOfProxy(request);
    const span = tracing.start(request.method, { 'adiuva.request_id': request.requestId }, 'server');
    metrics.requestsInFlight.inc();
    response.once('close', () => {
      metrics.requestsInFlight.dec();
      const route = routeOf(request);
      const ms = performance.now() - started;
      const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted';
      metrics.requests.observe({ method: request.method, route, status }, ms / 1000);
      endSpan(span, request, route, response.statusCode);
      log.info('request', {
        request_id: request.requestId,
        method: request.method,
        route,
        status: response.statusCode,
        ms: Math.round(ms * 10) / 10,
        ...(request.user ? { user_id: request.user.userId } : {}),
      });
    });
    span.run(() => requestContext.run({ requestId: request.requestId }, next));
  };
}

export function acceptedId(offered: unknown): string {
  return typeof offered === 'string' && ACCEPTED.test(offered) ? offered : randomUUID();
}

function endSpan(span: Span, { method }: EdgeRequest, route: string, status: number): void {
  span.rename(`${method} ${route}`);
  span.set({ 'http.request.method': method, 'http.route': route, 'http.response.status_code': status });
  span.end(status >= 500 ? new Error(String(status)) : undefined);
}

/** Behind a proxy that is not trusted, all clients have one address, and share the limits of one. */
function proxyWarning(log: Log, trustProxy: number): (request: EdgeRequest) => void {
  let isDue = trustProxy === 0;
  return ({ headers }) => {
    if (!isDue || headers['x-forwarded-for'] === undefined) return;
    isDue = false;
    log.warn('forwarded_for_ignored', { reason: 'X-Forwarded-For arrives, but TRUST_PROXY is 0' });
  };
}

function routeOf(request: EdgeRequest): string {
  const route: unknown = request.route;
  return typeof route === 'object' && route !== null && 'path' in route ? String(route.path) : 'none';
}
