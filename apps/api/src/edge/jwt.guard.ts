import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Problem } from '@adiuva/kernel';
import { JwtStrategy } from './jwt.strategy';
import { PUBLIC } from './principal';

/** Every route needs an access token unless it is `@Public`. Sockets are let in at their own door, which asks again for each event. */
@Injectable()
export class JwtGuard extends AuthGuard() {
  constructor(
    strategy: JwtStrategy,
    private readonly reflector: Reflector,
  ) {
    super({ defaultStrategy: strategy.name });
  }

  override canActivate(context: ExecutionContext) {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    return super.canActivate(context);
  }

  override handleRequest<T>(error: unknown, user: T | false | null): T {
    if (error instanceof Problem) throw error;
    if (error || !user) throw new Problem('unauthenticated', { cause: error });
    return user;
  }
}
