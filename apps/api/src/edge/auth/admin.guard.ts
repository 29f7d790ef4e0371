import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@adiuva/kernel';
import { ADMIN, type EdgeRequest } from '../principal';
import { AdminConfig } from './admin.config';

const READS: readonly string[] = ['GET', 'HEAD'];

/** Lets administrators alone through to what is `@AdminOnly`; with `ADMIN_MUTATIONS_ENABLED=false` only to read. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly config: AdminConfig,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const admin = this.reflector.getAllAndOverride<boolean>(ADMIN, [context.getHandler(), context.getClass()]);
    if (!admin) return true;
    const { user, method } = context.switchToHttp().getRequest<EdgeRequest>();
    if (user?.role !== 'admin') throw new Problem('forbidden');
    if (this.config.ADMIN_MUTATIONS_ENABLED || READS.includes(method)) return true;
    throw new Problem('forbidden', { detail: 'Administration is read-only here' });
  }
}
