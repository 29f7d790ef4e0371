import { setImmediate } from 'node:timers/promises';

/**
 * Resolves when the HTTP requests that this turn of the event loop has begun are written: undici writes on a kept connection a turn later. For
 * statements that are executed while a model is asked: each write to another process would hold the request back.
 */
export async function requestsSent(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
