import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isId } from '@adiuva/kernel';
import type { EdgeRequest } from '../edge/principal';
import { ChunkLimit } from './chunk-limit.service';

/** Replaces the count of requests for chunks. */
@Injectable()
export class ChunkLimitGuard implements CanActivate {
  constructor(private readonly limit: ChunkLimit) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { user, params } = context.switchToHttp().getRequest<EdgeRequest>();
    const id = params['id'];
    if (user) await this.limit.admit(user, typeof id === 'string' && isId(id) ? id : user.userId);
    return true;
  }
}
