import { setMaxListeners } from 'node:events';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { EdgeResponse } from '../principal';

/** Aborts when the connection ends before the answer has been sent whole. */
export const ClientAbortSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const response = context.switchToHttp().getResponse<EdgeResponse>();
  const controller = new AbortController();
  // The writes of a batch share one signal.
  setMaxListeners(0, controller.signal);
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
});
