import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Quota } from '@adiuva/quota';
import type { EdgeRequest } from '../edge/principal';
import { announcedSize } from '../edge/body/streamed-body';

const WORTH_A_LOOK = 128 * 1024;
/** Least share of a JSON body that is content: base64 makes four bytes of three, and the rest is names. */
const SHARE = 0.7;

/** Refuses a long JSON body for which there is no room before it is read; the exact answer comes when it is stored. */
@Injectable()
export class QuotaPrecheckGuard implements CanActivate {
  constructor(private readonly quota: Quota) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<EdgeRequest>();
    const size = announcedSize(request) ?? 0;
    if (!request.user || size < WORTH_A_LOOK) return true;
    await this.quota.assertCapacity(request.user, 'records', Math.floor(size * SHARE));
    return true;
  }
}
