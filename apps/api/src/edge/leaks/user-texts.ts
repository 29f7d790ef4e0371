import { UserTexts } from '@adiuva/prompts';
import type { EdgeRequest } from '../principal';

/** What the caller himself sent in a request: its address and its body. */
export function userTextsIn(request: EdgeRequest): UserTexts {
  const userTexts = new UserTexts([request.originalUrl]).add(request.query);
  return typeof request.body === 'object' ? userTexts.add(request.body) : userTexts;
}
