import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contentRange, type ByteRange } from '@adiuva/platform';
import type { EdgeResponse } from '../principal';

/** Opaque bytes of a user, and what the client is told of them. */
export interface BlobResponse {
  /** Null: the client has them already (304). */
  readonly bytes: Readable | null;
  readonly size: number;
  readonly range: ByteRange | null;
  readonly tag: string;
  readonly checksum: string;
  readonly modifiedAt: Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends bytes so that nothing on the way looks into them, runs them or keeps them. When the stream fails (the stored bytes are damaged,
 * the store broke off), the connection is cut before the last byte, so that no client takes a part for the whole.
 */
export async function sendBlob(response: EdgeResponse, answer: BlobResponse): Promise<void> {
  const { bytes, range, size } = answer;
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.setHeader('ETag', answer.tag);
  response.setHeader('Last-Modified', answer.modifiedAt.toUTCString());
  response.setHeader('Cache-Control', 'private, no-store');
  response.setHeader('X-Checksum', answer.checksum);
  if (bytes === null) {
    response.status(304).end();
    return;
  }
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Disposition', 'attachment');
  response.setHeader('Accept-Ranges', 'bytes');
  response.setHeader('Content-Length', range ? range.end - range.start + 1 : size);
  if (range) response.setHeader('Content-Range', contentRange(range, size));
  response.status(range ? 206 : 200);
  if (response.req.method === 'HEAD') {
    bytes.destroy();
    response.end();
    return;
  }
  // A failure destroys the response; the connection is gone, and the log has the status.
  await pipeline(bytes, response).catch(() => response.destroy());
}
