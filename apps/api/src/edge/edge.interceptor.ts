import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { IdempotencyInterceptor } from './http/idempotency.interceptor';
import { PromptLeakInterceptor } from './leaks/prompt-leak.interceptor';

/** Idempotency around the leak scrubber. One interceptor, because Nest makes promises and an async resource for each of them on every request. */
@Injectable()
export class EdgeInterceptor implements NestInterceptor {
  constructor(
    private readonly idempotency: IdempotencyInterceptor,
    private readonly leaks: PromptLeakInterceptor,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): ReturnType<NestInterceptor['intercept']> {
    return this.idempotency.intercept(context, { handle: () => this.leaks.intercept(context, next) });
  }
}
