import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Origin } from '@adiuva/auth';
import type { EdgeRequest } from '../principal';

/** Where the request came from, for limits on guessing. Behind proxies the address is only as true as TRUST_PROXY says. */
export const ClientAddress = createParamDecorator((_: unknown, context: ExecutionContext): Origin => {
  const request = context.switchToHttp().getRequest<EdgeRequest>();
  return { address: request.ip ?? '', userAgent: request.headers['user-agent'] };
});
