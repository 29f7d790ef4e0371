import { hasBody } from './json-body.guard';
import type { EdgeRequest, EdgeResponse } from '../principal';

const LINGER_MS = 2_000;

/** Whether the client has announced a body that has not come in to its end. */
export function hasUnreadBody(request: EdgeRequest): boolean {
  return !request.complete && hasBody(request);
}

/**
 * Answers a request whose body is not wanted. The answer is sent whole immediately; what the client is still sending is then discarded
 * for a moment before the connection is closed, because a client that is cut off while it sends never reads its answer.
 */
export function respondAndDrain(request: EdgeRequest, response: EdgeResponse, text: string): void {
  response.setHeader('Connection', 'close');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.write(text);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}
