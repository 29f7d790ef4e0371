import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { mergeMap, type Observable } from 'rxjs';
import { LeakScrubber } from '@adiuva/prompts';
import { OPAQUE, type EdgeRequest } from './principal';
import { saidIn } from './said-in';

/** Takes prompts out of every JSON body that leaves; bytes, and bodies that carry only the user's ciphertext, are not looked at. */
@Injectable()
export class PromptLeakInterceptor implements NestInterceptor {
  constructor(
    private readonly leaks: LeakScrubber,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    if (this.reflector.getAllAndOverride<boolean>(OPAQUE, [context.getHandler(), context.getClass()]))
      return next.handle();
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    return next.handle().pipe(mergeMap((body: unknown) => this.clean(body, request)));
  }

  private async clean(body: unknown, request: EdgeRequest): Promise<unknown> {
    if (body === undefined || body === null || body instanceof StreamableFile || ArrayBuffer.isView(body)) return body;
    const { value } = await this.leaks.valueAsync(body, saidIn(request));
    return value;
  }
}
