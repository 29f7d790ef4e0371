import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { IDEMPOTENCY, READS_PARTS, type EdgeRequest, type EdgeResponse, type IdempotencyKind } from '../principal';
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
    const kind = this.reflector.get<IdempotencyKind | undefined>(IDEMPOTENCY, context.getHandler());
    if (request.headers['idempotency-key'] === undefined || !this.honours(request, context, kind)) return next.handle();
    const commit = kind === 'atomic' ? 'atomic' : 'apart';
    return this.idempotentResponses.once(request, http.getResponse<EdgeResponse>(), contentOf(request), next, commit);
  }

  private honours(request: EdgeRequest, context: ExecutionContext, kind: IdempotencyKind | undefined): boolean {
    if (kind === undefined || kind === 'read' || kind === 'unstored') return false;
    if (Buffer.isBuffer(request.body) || request.headers.accept?.includes('text/event-stream')) return false;
    return this.reflector.get<boolean>(READS_PARTS, context.getHandler()) !== true;
  }
}

function contentOf(request: EdgeRequest): unknown {
  const { query, headers } = request;
  const body: unknown = request.body;
  const told = body === undefined ? CONTENT_HEADERS.map((name) => `${name}:${String(headers[name] ?? '')}`) : [];
  return [body ?? null, query, told];
}
