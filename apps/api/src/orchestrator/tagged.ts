import { checksumOf } from '@adiuva/kernel';
import type { EdgeResponse } from '../edge/principal';

/** The body with its `ETag`; nothing and 304 where the client has it already. */
export function tagged<T>(response: EdgeResponse, known: string | undefined, body: T): T | undefined {
  const tag = `"${checksumOf(Buffer.from(JSON.stringify(body), 'utf8')).slice(0, 32)}"`;
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', 'private, no-cache');
  const tags = (known ?? '').split(',').map((word) => word.trim().replace(/^W\//, ''));
  if (!tags.includes(tag) && !tags.includes('*')) return body;
  response.status(304);
  return undefined;
}
