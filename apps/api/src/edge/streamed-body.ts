import { Readable } from 'node:stream';
import { Problem } from '@adiuva/kernel';
import type { EdgeRequest } from './principal';

const GRACE_MS = 15_000;
const LEAST_BYTES_A_SECOND = 8_000;

/**
 * The body of a request as a stream that ends in a Problem when the client breaks off (`malformed_request`) or trickles
 * (`request_timeout`: under 8 KB a second after the first 15 s; waiting for a slow store does not count). There is no total limit of
 * time. Whoever stops reading early leaves the request open, so that an answer can still be sent.
 * @throws Problem `unsupported_media_type` for a compressed body
 */
export function streamedBody(request: EdgeRequest): Readable {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Problem('unsupported_media_type', { detail: 'Compressed bodies are not taken' });
  }
  return Readable.from(paced(request), { objectMode: false });
}

/** The length that the client has announced; undefined when it sends in chunks. */
export function announcedSize(request: EdgeRequest): number | undefined {
  const length = request.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

async function* paced(request: EdgeRequest): AsyncIterable<Buffer> {
  let waited = 0;
  let size = 0;
  let since: number | null = performance.now();
  const timer = setInterval(() => {
    const waiting = since === null ? 0 : performance.now() - since;
    if (waited + waiting > GRACE_MS + (size / LEAST_BYTES_A_SECOND) * 1_000)
      request.destroy(new Problem('request_timeout'));
  }, 1_000);
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      waited += since === null ? 0 : performance.now() - since;
      size += chunk.length;
      since = null;
      yield chunk;
      since = performance.now();
    }
  } catch (error) {
    throw error instanceof Problem
      ? error
      : new Problem('malformed_request', { detail: 'The body ended early', cause: error });
  } finally {
    clearInterval(timer);
  }
}
