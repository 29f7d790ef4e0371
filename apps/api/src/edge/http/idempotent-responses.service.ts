import { Injectable, type CallHandler } from '@nestjs/common';
import { catchError, from, mergeMap, of, throwError, type Observable } from 'rxjs';
import { Problem } from '@adiuva/kernel';
import { Idempotency, isClaim, type IdempotencyClaim } from '@adiuva/platform';
import type { EdgeRequest, EdgeResponse } from '../principal';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** Carries a request with an `Idempotency-Key` out once, and gives its answer again to those that repeat it. */
@Injectable()
export class IdempotentResponses {
  constructor(private readonly idempotency: Idempotency) {}

  /**
   * Asks `next` unless an answer is known; `content` is what must be equal in a repetition.
   * @throws `idempotency_key_reused`, `idempotency_in_progress`, `validation_failed` for a key that is none
   */
  async once(
    request: EdgeRequest,
    response: EdgeResponse,
    content: unknown,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Problem('validation_failed', {
        errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 printable characters' }],
      });
    }
    const outcome = await this.idempotency.begin({
      scope: request.user?.userId ?? 'public',
      // Keys of strangers must not meet, and the address is kept as part of a keyed hash alone.
      operation: `${request.method} ${request.path}${request.user ? '' : ` ${request.ip ?? ''}`}`,
      key,
      content: JSON.stringify(content),
    });
    if (isClaim(outcome)) return this.carryOut(outcome, response, next);
    response.status(outcome.status).setHeader('Idempotency-Replayed', 'true');
    return of(outcome.body);
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
