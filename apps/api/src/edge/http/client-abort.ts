import { setMaxListeners } from 'node:events';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { EdgeResponse } from '../principal';

/** Aborts with `cancelled` when the client disconnects before the answer has been sent whole; aborted where it has already. */
export function clientAbortSignal(response: EdgeResponse): AbortSignal {
  const controller = new AbortController();
  // The writes of a batch share one signal.
  setMaxListeners(0, controller.signal);
  const abort = (): void => {
    if (!response.writableFinished) controller.abort(new Problem('cancelled'));
  };
  // Guards wait for the database, and a response is closed only once.
  if (response.destroyed) abort();
  else response.once('close', abort);
  return controller.signal;
}

/** Calls `listener` when the signal aborts, immediately where it has already. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  if (signal.aborted) listener();
  else signal.addEventListener('abort', listener, { once: true });
}

export const ClientAbortSignal = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal =>
  clientAbortSignal(context.switchToHttp().getResponse<EdgeResponse>()),
);
