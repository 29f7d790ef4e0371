import { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Problem } from '@adiuva/kernel';

const STALL_MS = 10_000;

/**
 * The body of an answer as a stream that fails when the store falls silent while it is read.
 * The SDK's own silence timeout is lifted: it cannot tell a silent store from a slow reader.
 */
export function s3Body(body: unknown): Readable {
  if (!(body instanceof Readable)) throw new Problem('upstream_failed');
  if (body instanceof IncomingMessage) body.socket.setTimeout(0);
  return Readable.from(watched(body), { objectMode: false, highWaterMark: 256 * 1024 });
}

async function* watched(body: Readable): AsyncIterable<Buffer> {
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    timer = setTimeout(() => body.destroy(new Problem('upstream_timeout')), STALL_MS);
  };
  try {
    watch();
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      watch();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** A whole stream in memory, for parts: S3 wants their length first. The stream itself must be bounded. */
export async function collected(bytes: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
