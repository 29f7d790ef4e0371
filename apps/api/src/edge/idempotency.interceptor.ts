import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { catchError, from, mergeMap, of, throwError, type Observable } from 'rxjs';
import { Problem } from '@adiuva/kernel';
import { Idempotency, isClaim, type IdempotencyClaim } from '@adiuva/platform';
import { REPLAYABLE, type EdgeRequest, type EdgeResponse } from './principal';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;
/** What a streamed body is told apart by; its bytes are checked against the checksum anyway. */
const CONTENT_HEADERS = ['x-checksum', 'x-table', 'x-record-id', 'content-length'] as const;

/** Replays the first answer to a POST that comes again with its `Idempotency-Key`. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    if (Buffer.isBuffer(request.body) || !this.honours(request, context)) return next.handle();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || request.headers.accept?.includes('text/event-stream'))
      return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Problem('validation_failed', {
        errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 printable characters' }],
      });
    }
    return this.once(request, context.switchToHttp().getResponse<EdgeResponse>(), key, next);
  }

  private async once(
    request: EdgeRequest,
    response: EdgeResponse,
    key: string,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const outcome = await this.idempotency.begin({
      scope: request.user?.userId ?? 'public',
      // Keys of strangers must not meet, and the address is kept as part of a keyed hash alone.
      operation: `${request.method} ${request.path}${request.user ? '' : ` ${request.ip ?? ''}`}`,
      key,
      content: contentOf(request),
    });
    if (isClaim(outcome)) return this.carryOut(outcome, response, next);
    response.status(outcome.status).setHeader('Idempotency-Replayed', 'true');
    return of(outcome.body);
  }

  private honours({ user }: EdgeRequest, context: ExecutionContext): boolean {
    return user !== undefined || this.reflector.get<boolean>(REPLAYABLE, context.getHandler()) === true;
  }

  private carryOut(claim: IdempotencyClaim, response: EdgeResponse, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      mergeMap(async (body: unknown) => {
        await this.idempotency.finish(claim, { status: response.statusCode, body });
        return body;
      }),
      catchError((error: unknown) =>
        from(this.idempotency.abandon(claim).catch(() => undefined)).pipe(mergeMap(() => throwError(() => error))),
      ),
    );
  }
}

function contentOf(request: EdgeRequest): string {
  const headers = CONTENT_HEADERS.map((name) => `${name}:${String(request.headers[name] ?? '')}`).slice(
    0,
    request.body === undefined ? 4 : 0,
  );
  return JSON.stringify([request.body ?? null, request.query, headers]);
}
