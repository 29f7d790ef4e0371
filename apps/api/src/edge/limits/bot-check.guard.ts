import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import { Log } from '@adiuva/platform';
import { BOT_CHECK, type EdgeRequest } from '../principal';
import { BotCheckConfig } from './bot-check.config';

const Body = z.object({ turnstile_token: z.string().min(1).max(2048) });
const Verdict = z.object({ success: z.boolean(), 'error-codes': z.array(z.string()).default([]) });
const DEADLINE_MS = 5_000;
/** The visitor's fault; every other error is one of the service or of our settings. */
const TOKEN_ERRORS: readonly string[] = ['missing-input-response', 'invalid-input-response', 'timeout-or-duplicate'];

/** Asks Turnstile whether a person has sent the request. When it cannot tell, the route is closed: 503, never open. */
@Injectable()
export class BotCheckGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: BotCheckConfig,
    private readonly log: Log,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (!this.config.TURNSTILE_ENABLED || context.getType() !== 'http') return true;
    if (!this.reflector.get<boolean | undefined>(BOT_CHECK, context.getHandler())) return true;
    return this.isPerson(context.switchToHttp().getRequest<EdgeRequest>());
  }

  private async isPerson(request: EdgeRequest): Promise<boolean> {
    const body = Body.safeParse(request.body);
    if (!body.success) throw new Problem('bot_check_failed');
    const verdict = await this.verify(body.data.turnstile_token, request.ip);
    if (verdict.success) return true;
    if (verdict['error-codes'].every((code) => TOKEN_ERRORS.includes(code))) throw new Problem('bot_check_failed');
    this.log.warn('bot_check_unavailable', {});
    throw new Problem('unavailable', { retryAfter: 5 });
  }

  private async verify(token: string, address: string | undefined): Promise<z.infer<typeof Verdict>> {
    try {
      const form = new URLSearchParams({ secret: this.config.TURNSTILE_SECRET_KEY ?? '', response: token });
      if (address !== undefined) form.set('remoteip', address);
      const response = await fetch(this.config.TURNSTILE_VERIFY_URL, {
        method: 'POST',
        body: form,
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      return Verdict.parse(await response.json());
    } catch (error) {
      this.log.warn('bot_check_unavailable', { error });
      throw new Problem('unavailable', { retryAfter: 5, cause: error });
    }
  }
}
