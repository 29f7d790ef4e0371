import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem, type Principal } from '@adiuva/kernel';
import { ADMIN, type EdgeRequest } from '../principal';
import { AdminConfig } from './admin.config';
import { DevelopmentAdmin } from './development-admin.service';

const READS: readonly string[] = ['GET', 'HEAD'];

/** Lets administrators alone through to what is `@AdminOnly`; with `ADMIN_MUTATIONS_ENABLED=false` only to read. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: AdminConfig,
    private readonly developmentAdmin: DevelopmentAdmin,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const admin = this.reflector.getAllAndOverride<boolean>(ADMIN, [context.getHandler(), context.getClass()]);
    return !admin || this.isAllowed(context);
  }

  private async isAllowed(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    const { user, method } = request;
    if (!user || !(await this.isAdmin(user, context))) throw new Problem('forbidden');
    request.user = { ...user, role: 'admin' };
    if (this.config.ADMIN_MUTATIONS_ENABLED || READS.includes(method)) return true;
    throw new Problem('forbidden', { detail: 'Administration is read-only here' });
  }

  private async isAdmin(user: Principal, context: ExecutionContext): Promise<boolean> {
    if (user.role === 'admin') return true;
    if (!(await this.developmentAdmin.is(user))) return false;
    await this.developmentAdmin.recordUse(user, context.getHandler().name);
    return true;
  }
}
