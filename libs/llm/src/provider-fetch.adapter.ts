import { Agent, fetch as fetchBy } from 'undici';
import { requestContext } from '@adiuva/platform';

/** What SDKs reach providers with: it has a limit on connecting, and sends our request id along, so that logs can be joined. */
export function providerFetch(connectTimeoutMs: number): typeof fetch {
  const dispatcher = new Agent({ connect: { timeout: connectTimeoutMs } });
  return (input, init) => {
    const headers = new Headers(init?.headers);
    const requestId = requestContext.getStore()?.requestId;
    if (requestId !== undefined) headers.set('x-request-id', requestId);
    return fetchBy(input, { ...init, headers, dispatcher });
  };
}
