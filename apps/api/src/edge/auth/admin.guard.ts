import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '@adiuva/kernel';
import { ADMIN, type EdgeRequest } from '../principal';

/** Lets administrators alone through to what is `@AdminOnly`. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const admin = this.reflector.getAllAndOverride<boolean>(ADMIN, [context.getHandler(), context.getClass()]);
    if (!admin || context.switchToHttp().getRequest<EdgeRequest>().user?.role === 'admin') return true;
    throw new Problem('forbidden');
  }
}
