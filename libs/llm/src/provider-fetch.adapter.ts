import { Agent, fetch as fetchBy } from 'undici';
import { requestContext } from '@adiuva/platform';
import { streamedFetch } from './streamed-response.adapter';

/** Reaches providers with a limit on connecting, and sends our request id along, so that a provider's log can be joined with ours. */
export function providerFetch(connectTimeoutMs: number, way: 'web' | 'node' = 'web'): typeof fetch {
  const dispatcher = new Agent({ connect: { timeout: connectTimeoutMs } });
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const requestId = requestContext.getStore()?.requestId;
    if (requestId !== undefined) headers.set('x-request-id', requestId);
    if (way === 'node' && typeof input === 'string' && typeof init?.body === 'string') {
      const { body, signal = null } = init;
      return streamedFetch(input, { method: 'POST', headers, body, signal }, dispatcher);
    }
    return fetchBy(input, { ...init, headers, dispatcher });
  };
}
