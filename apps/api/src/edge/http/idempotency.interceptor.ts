import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { ATOMIC, READS_PARTS, REPLAYABLE, UNSTORED, type EdgeRequest, type EdgeResponse } from '../principal';
import { IdempotentResponses } from './idempotent-responses.service';

/** What a streamed body is told apart by; its bytes are checked against the checksum anyway. */
const CONTENT_HEADERS = ['x-checksum', 'x-table', 'x-record-id', 'content-length'] as const;

/** Replays the first answer to a POST that comes again with its `Idempotency-Key`. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotentResponses: IdempotentResponses,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    if (context.getType() !== 'http') return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<EdgeRequest>();
    if (request.headers['idempotency-key'] === undefined || !this.honours(request, context)) return next.handle();
    const commit = this.reflector.get<boolean>(ATOMIC, context.getHandler()) === true ? 'atomic' : 'apart';
    return this.idempotentResponses.once(request, http.getResponse<EdgeResponse>(), contentOf(request), next, commit);
  }

  private honours(request: EdgeRequest, context: ExecutionContext): boolean {
    const { method, user, headers } = request;
    if (method !== 'POST' || Buffer.isBuffer(request.body) || headers.accept?.includes('text/event-stream'))
      return false;
    const of = (name: string): boolean => this.reflector.get<boolean>(name, context.getHandler()) === true;
    return !of(READS_PARTS) && !of(UNSTORED) && (user !== undefined || of(REPLAYABLE));
  }
}

function contentOf(request: EdgeRequest): unknown {
  const { query, headers } = request;
  const body: unknown = request.body;
  const told = body === undefined ? CONTENT_HEADERS.map((name) => `${name}:${String(headers[name] ?? '')}`) : [];
  return [body ?? null, query, told];
}
