import type { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { requestContext } from '@adiuva/platform';

/** Sends JSON to a provider. Resolves with the body of a good answer as it comes; throws `ProviderRefusal` for any other status. */
export type ProviderPost = (body: object, signal: AbortSignal) => Promise<Readable>;

/** A provider's answer that is none. What else it said is not kept. */
export class ProviderRefusal extends Error {
  constructor(
    readonly status: number,
    readonly headers: Headers,
  ) {
    super(`the provider answered ${status}`);
  }
}

/**
 * Reaches one address of a provider, with a limit on connecting and our request id. An SDK's client costs several times as much for a
 * question, and a web stream for each piece of the answer. Redirects are not followed, nothing is tried twice.
 */
export function providerPost(address: string, apiKey: string, connectTimeoutMs: number): ProviderPost {
  const dispatcher = new Agent({ connect: { timeout: connectTimeoutMs } });
  const fixed = {
    accept: 'text/event-stream, application/json',
    authorization: `Bearer ${apiKey}`,
    'content-type': 'application/json',
    'user-agent': 'adiuva',
  };
  return async (sent, signal) => {
    const requestId = requestContext.getStore()?.requestId;
    const headers = requestId === undefined ? fixed : { ...fixed, 'x-request-id': requestId };
    const options = { method: 'POST' as const, headers, body: JSON.stringify(sent), signal, dispatcher };
    const { statusCode, headers: answered, body } = await request(address, options);
    if (statusCode >= 200 && statusCode < 300) return body;
    body.dump().catch(() => undefined);
    const retryAfter = answered['retry-after'];
    throw new ProviderRefusal(
      statusCode,
      new Headers(typeof retryAfter === 'string' ? { 'retry-after': retryAfter } : {}),
    );
  };
}
