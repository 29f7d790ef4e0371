import { UserTexts } from '@adiuva/prompts';
import type { EdgeRequest } from '../principal';

/** The texts that a caller sent in a request: its URL and its body. */
export function userTextsIn(request: EdgeRequest): UserTexts {
  const userTexts = new UserTexts([request.originalUrl]).add(request.query);
  return typeof request.body === 'object' ? userTexts.add(request.body) : userTexts;
}
