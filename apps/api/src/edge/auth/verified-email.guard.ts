import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@adiuva/kernel';
import { AuthConfig, EmailVerification } from '@adiuva/auth';
import { VERIFIED_EMAIL, type EdgeRequest } from '../principal';

/** With `REQUIRE_VERIFIED_EMAIL`, refuses what `@NeedsVerifiedEmail` until the user has confirmed the address. */
@Injectable()
export class VerifiedEmailGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: AuthConfig,
    private readonly verification: EmailVerification,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return !this.config.REQUIRE_VERIFIED_EMAIL || this.isAllowed(context);
  }

  private async isAllowed(context: ExecutionContext): Promise<boolean> {
    const needed = this.reflector.getAllAndOverride<boolean>(VERIFIED_EMAIL, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { user } = context.switchToHttp().getRequest<EdgeRequest>();
    if (!needed || (user && (await this.verification.isVerified(user.userId)))) return true;
    throw new Problem('email_unverified');
  }
}
