import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { featuresOf, lowestTierWith, Problem, type Features } from '@adiuva/kernel';
import { FEATURE, type EdgeRequest } from '../principal';

/** Lets through who has paid for what the route `@Needs`. */
@Injectable()
export class TierGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const needed = this.reflector.getAllAndOverride<((features: Features) => boolean) | undefined>(FEATURE, [
      context.getHandler(),
      context.getClass(),
    ]);
    const { user } = context.switchToHttp().getRequest<EdgeRequest>();
    if (!needed || (user && needed(featuresOf(user.tier)))) return true;
    throw new Problem('upgrade_required', { members: { required_tier: lowestTierWith(needed) } });
  }
}
