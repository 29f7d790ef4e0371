import { setMaxListeners } from 'node:events';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { EdgeResponse } from '../principal';

/** Aborts with `cancelled` when the client disconnects before the answer has been sent whole. */
export function clientAbortSignal(response: EdgeResponse): AbortSignal {
  const controller = new AbortController();
  // The writes of a batch share one signal.
  setMaxListeners(0, controller.signal);
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Problem('cancelled'));
  });
  return controller.signal;
}

export const ClientAbortSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal =>
  clientAbortSignal(context.switchToHttp().getResponse<EdgeResponse>()),
);
