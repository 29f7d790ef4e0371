import { Problem } from '@adiuva/kernel';
import type { EdgeResponse } from '../principal';

/** Ends when the client has gone before its answer was sent. */
export function untilClosed(response: EdgeResponse): AbortSignal {
  const abort = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abort.abort(new Problem('cancelled'));
  });
  return abort.signal;
}
