import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { Problem, problemDocument, type ProblemCode } from '@adiuva/kernel';
import { Log, Metrics } from '@adiuva/platform';
import { LeakScrubber } from '@adiuva/prompts';
import type { EdgeRequest, EdgeResponse } from '../principal';
import { RateLimitGuard } from '../limits/rate-limit.guard';
import { userTextsIn } from '../leaks/user-texts';
import { respondAndDrain, hasUnreadBody } from '../body/drain-body';

const CODES: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed_request',
  401: 'unauthenticated',
  402: 'upgrade_required',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  408: 'request_timeout',
  409: 'conflict',
  412: 'precondition_failed',
  413: 'payload_too_large',
  414: 'uri_too_long',
  415: 'unsupported_media_type',
  416: 'range_not_satisfiable',
  422: 'unprocessable',
  428: 'precondition_required',
  429: 'rate_limited',
  431: 'headers_too_large',
  501: 'not_configured',
  502: 'upstream_failed',
  503: 'unavailable',
  504: 'upstream_timeout',
};

const CLIENT_WENT_AWAY = 499;

/** Renders whatever was thrown as `application/problem+json`. What is not a `Problem` of ours is a bug: 500, and only the log knows more. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly leaks: LeakScrubber,
    private readonly limits: RateLimitGuard,
    private readonly metrics: Metrics,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    if (host.getType() !== 'http') return this.log.error('bug', { error });
    const http = host.switchToHttp();
    const request = http.getRequest<EdgeRequest>();
    const problem = this.leaks.problem(problemOf(error, this.log), userTextsIn(request));
    this.metrics.problems.inc({ code: problem.code });
    const response = http.getResponse<EdgeResponse>();
    await this.limits.describeUncounted(request, response);
    sendProblem(problem, request, response);
  }
}

/** The failure as clients may see it. Frameworks speak in HTTP statuses; their words are not passed on. */
export function problemOf(error: unknown, log: Log): Problem {
  if (error instanceof Problem) {
    if (error.status >= 500) log.warn('problem', { code: error.code, status: error.status, error });
    return error;
  }
  // The client has disconnected, and its work was stopped.
  if (isAbort(error)) return new Problem('cancelled', { cause: error });
  const code = CODES[statusOf(error)];
  if (code) return new Problem(code, { cause: error });
  log.error('bug', { error });
  return new Problem('internal_error', { cause: error });
}

export function sendProblem(problem: Problem, request: EdgeRequest, response: EdgeResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (problem.status === CLIENT_WENT_AWAY && request.destroyed) return;
  const retryAfter = problem.options.retryAfter ?? (problem.status === 503 ? 1 : undefined);
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(Math.max(1, Math.ceil(retryAfter))));
  if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
  const { size_bytes: size } = problem.options.members ?? {};
  if (problem.status === 416 && typeof size === 'number') response.setHeader('Content-Range', `bytes */${size}`);
  for (const name of ['ETag', 'Content-Length', 'Content-Disposition', 'Accept-Ranges']) response.removeHeader(name);
  const document = problemDocument(problem, pathOf(request), request.requestId);
  response.status(problem.status).type('application/problem+json');
  if (hasUnreadBody(request)) respondAndDrain(request, response, JSON.stringify(document));
  else response.send(JSON.stringify(document));
}

function pathOf(request: EdgeRequest): string {
  return request.originalUrl.split('?', 1)[0]?.slice(0, 512) ?? '/';
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null) return 0;
  const status = 'status' in error ? error.status : 'statusCode' in error ? error.statusCode : 0;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 0;
}

/** An abort is a DOMException: not an Error of Node's own making, and of another realm in a test. */
function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}
