import type { RequestCookie } from '@adiuva/teams';
import type { EdgeRequest, EdgeResponse } from '../edge/principal';

export interface RedirectTo {
  readonly url: string;
  readonly statusCode: 302;
}

const MAX_COOKIES = 100;

/** The cookie returns with the callback, which is a top-level navigation from another site. */
export function toProvider(
  response: EdgeResponse,
  callback: URL,
  { location, cookie }: { readonly location: string; readonly cookie: RequestCookie },
): RedirectTo {
  response.cookie(cookie.name, cookie.value, {
    httpOnly: true,
    sameSite: 'lax',
    secure: callback.protocol === 'https:',
    path: callback.pathname,
    maxAge: cookie.maxAgeMs,
  });
  return { url: location, statusCode: 302 };
}

export function queryOf({ originalUrl }: EdgeRequest): string {
  const at = originalUrl.indexOf('?');
  return at < 0 ? '' : originalUrl.slice(at + 1);
}

/** RFC 6265, section 4.2.1. */
export function cookiesOf({ headers }: EdgeRequest): ReadonlyMap<string, string> {
  const pairs = (headers.cookie ?? '').split(';', MAX_COOKIES).map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([name = '', ...value]) => [name, value.join('=')]));
}
