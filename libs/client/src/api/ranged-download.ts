import { ConnectionProblem } from '../client-error';
import { ApiProblem } from './problem';
import type { Http } from './http';
import { afterPause } from './timing';

/** Attempts without a new byte. */
const MAX_ATTEMPTS = 5;
const PAUSE_MS = 500;

export interface RangedDownload {
  /** Of the first response. */
  readonly headers: Headers;
  readonly bytes: AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/** The bytes of a path; when the connection breaks it continues at the same byte of the same version. */
export async function rangedDownload(http: Http, path: string, signal?: AbortSignal): Promise<RangedDownload> {
  const first = await http.send('GET', path, { signal });
  return { headers: first.headers, bytes: continued(http, path, first, signal) };
}

async function* continued(
  http: Http,
  path: string,
  first: Response,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const tag = first.headers.get('etag') ?? undefined;
  let response: Response | undefined = first;
  let offset = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      response ??= await http.send('GET', path, { headers: { range: `bytes=${offset}-`, 'if-range': tag }, signal });
      if (offset > 0 && response.status !== 206)
        throw new ConnectionProblem('damaged', 'The object changed during the download');
      for await (const piece of piecesOf(response)) {
        offset += piece.length;
        attempt = 1;
        yield piece;
      }
      return;
    } catch (error) {
      signal?.throwIfAborted();
      // A break after the last byte.
      if (error instanceof ApiProblem && error.status === 416 && offset > 0) return;
      const broken = error instanceof ConnectionProblem && error.code !== 'damaged';
      if (!broken || attempt >= MAX_ATTEMPTS) throw error;
      response = undefined;
      await afterPause(PAUSE_MS * attempt, signal);
    }
  }
}

async function* piecesOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (!body) return;
  const reader = body.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
