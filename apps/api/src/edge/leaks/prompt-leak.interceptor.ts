import { hash } from 'node:crypto';
import {
  Injectable,
  StreamableFile,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { LRUCache } from 'lru-cache';
import { mergeMap, of, type Observable } from 'rxjs';
import { LeakScrubber } from '@adiuva/prompts';
import { OPAQUE, type EdgeRequest } from '../principal';
import { userTextsIn } from './user-texts';

const MAX_CACHED = 2_000;
/** UTF-16 units; longer bodies are rarely repeated. */
const MAX_CACHED_UNITS = 8_192;

/**
 * Removes prompts from every JSON response body; bytes, and bodies that carry only the user's ciphertext, are not scanned. Apps repeat
 * their requests, so the hash of a clean body is cached for all callers.
 */
@Injectable()
export class PromptLeakInterceptor implements NestInterceptor {
  private readonly known = new LRUCache<string, true>({ max: MAX_CACHED });

  constructor(
    private readonly leaks: LeakScrubber,
    private readonly reflector: Reflector,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    if (this.reflector.getAllAndOverride<boolean>(OPAQUE, [context.getHandler(), context.getClass()]))
      return next.handle();
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    return next.handle().pipe(mergeMap((body: unknown) => this.scrubbed(body, request)));
  }

  private scrubbed(body: unknown, request: EdgeRequest): Observable<unknown> | Promise<unknown> {
    if (body === undefined || body === null || body instanceof StreamableFile || ArrayBuffer.isView(body))
      return of(body);
    const text = JSON.stringify(body);
    const print = text.length <= MAX_CACHED_UNITS ? hash('sha256', text) : undefined;
    if (print !== undefined && this.known.get(print)) return of(body);
    return this.clean(body, request, print);
  }

  private async clean(body: unknown, request: EdgeRequest, print: string | undefined): Promise<unknown> {
    if (print !== undefined && (await this.leaks.isClean(body))) {
      this.known.set(print, true);
      return body;
    }
    return (await this.leaks.valueAsync(body, userTextsIn(request))).value;
  }
}
