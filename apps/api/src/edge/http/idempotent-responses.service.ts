import { Injectable, type CallHandler } from '@nestjs/common';
import { from, lastValueFrom, of, type Observable } from 'rxjs';
import { Problem } from '@adiuva/kernel';
import { Database, Idempotency, isClaim, PUBLIC_SCOPE, type IdempotencyClaim, type Tx } from '@adiuva/platform';
import type { EdgeRequest, EdgeResponse } from '../principal';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/** What handlers of POST routes say about their answer; every other header is that of the request which gets it. */
const ANSWER_HEADERS = ['ETag', 'Location', 'Last-Modified', 'X-Total-Count', 'Link'] as const;

/** The request's answer is committed together with everything that its handler writes, or apart from it, by handlers that call others. */
export type AnswerCommit = 'atomic' | 'apart';

/** Carries a request with an `Idempotency-Key` out once, and replays its answer to repetitions. */
@Injectable()
export class IdempotentResponses {
  constructor(
    private readonly idempotency: Idempotency,
    private readonly database: Database,
  ) {}

  /**
   * Calls `next` unless an answer is known; `content` is what must be equal in a repetition.
   * @throws `idempotency_key_reused`, `idempotency_in_progress`, `validation_failed` for a key that is none
   */
  async once(
    request: EdgeRequest,
    response: EdgeResponse,
    content: unknown,
    next: CallHandler,
    commit: AnswerCommit,
  ): Promise<Observable<unknown>> {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new Problem('validation_failed', {
        errors: [{ field: 'Idempotency-Key', message: 'must be 1 to 255 printable characters' }],
      });
    }
    const outcome = await this.idempotency.begin({
      scope: request.user?.userId ?? PUBLIC_SCOPE,
      // Keys of different clients must not collide, and the address is stored as part of a keyed hash alone.
      operation: `${request.method} ${request.path}${request.user ? '' : ` ${request.ip ?? ''}`}`,
      key,
      content: JSON.stringify(content),
    });
    if (isClaim(outcome)) return from(this.carryOut(outcome, response, next, commit));
    response.status(outcome.status).setHeader('Idempotency-Replayed', 'true');
    for (const [name, value] of Object.entries(outcome.headers ?? {})) response.setHeader(name, value);
    return of(outcome.body);
  }

  private async carryOut(
    claim: IdempotencyClaim,
    response: EdgeResponse,
    next: CallHandler,
    commit: AnswerCommit,
  ): Promise<unknown> {
    const work = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    const finish = (tx: Tx, body: unknown): Promise<void> =>
      this.idempotency.finish(tx, claim, { status: response.statusCode, headers: answerHeaders(response), body });
    const release = this.idempotency.keep(claim);
    try {
      if (commit === 'atomic') return await this.database.transactionWith(work, finish);
      const body = await work();
      await this.database.transaction((tx) => finish(tx, body));
      return body;
    } catch (error) {
      await this.idempotency.abandon(claim).catch(() => undefined);
      throw error;
    } finally {
      release();
    }
  }
}

function answerHeaders(response: EdgeResponse): Record<string, string> {
  const entries = ANSWER_HEADERS.map((name) => [name, response.getHeader(name)] as const);
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
