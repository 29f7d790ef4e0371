import { Said } from '@adiuva/prompts';
import type { EdgeRequest } from './principal';

/** What the caller himself sent in a request: its address and its body. */
export function saidIn(request: EdgeRequest): Said {
  const said = new Said([request.originalUrl]).add(request.query);
  return typeof request.body === 'object' ? said.add(request.body) : said;
}
