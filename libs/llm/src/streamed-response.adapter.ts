import type { Readable } from 'node:stream';
import { request, type Dispatcher } from 'undici';

/** A good answer whose body is left as the Node stream that it is: through a web stream each piece would cost several times as much. */
export class StreamedResponse extends Response {
  constructor(
    readonly source: Readable,
    init: ResponseInit,
  ) {
    super(null, init);
  }
}

/** What `fetch` does, as far as an SDK that posts JSON needs it. Redirects are not followed. */
export async function streamedFetch(
  address: string,
  init: {
    readonly method: 'POST';
    readonly headers: Headers;
    readonly body: string;
    readonly signal: AbortSignal | null;
  },
  dispatcher: Dispatcher,
): Promise<Response> {
  const {
    statusCode: status,
    headers: raw,
    body,
  } = await request(address, {
    ...init,
    headers: Object.fromEntries(init.headers),
    dispatcher,
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) if (value !== undefined) headers.set(name, String(value));
  if (status >= 200 && status < 300) return new StreamedResponse(body, { status, headers });
  return new Response(await body.text(), { status, headers });
}
