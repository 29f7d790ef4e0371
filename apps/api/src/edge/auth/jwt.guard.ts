import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Problem } from '@adiuva/kernel';
import type { AccessClaims } from '@adiuva/auth';
import { CallerLookup } from './caller-lookup.service';
import { JwtStrategy } from './jwt.strategy';
import { PUBLIC, type EdgeRequest } from '../principal';

/** Every route needs an access token unless it is `@Public`. Sockets are authenticated in the handshake and again for each event. */
@Injectable()
export class JwtGuard extends AuthGuard() {
  constructor(
    private readonly strategy: JwtStrategy,
    private readonly callers: CallerLookup,
    private readonly reflector: Reflector,
  ) {
    super({ defaultStrategy: strategy.name });
  }

  override canActivate(context: ExecutionContext) {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    const claims = this.strategy.alreadyVerified(request.headers.authorization);
    return claims ? this.letIn(request, claims) : super.canActivate(context);
  }

  /** For an invalid token there is no user; an error is one of the look-up, not of the caller. */
  override handleRequest<T>(error: unknown, user: T | false | null): T {
    if (error) throw error;
    if (!user) throw new Problem('unauthenticated');
    return user;
  }

  /** The signature was checked before; the caller is looked up on every request. */
  private async letIn(request: EdgeRequest, claims: AccessClaims): Promise<boolean> {
    request.user = await this.callers.of(claims);
    return true;
  }
}
