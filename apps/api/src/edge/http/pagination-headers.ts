import type { Page, PageRequest } from '@adiuva/kernel';
import type { EdgeRequest, EdgeResponse } from '../principal';

/** `X-Total-Count`, and `Link` (RFC 8288) to the first, previous, next and last page. */
export function describePage<T>(
  request: EdgeRequest,
  response: EdgeResponse,
  { page, limit }: PageRequest,
  found: Page<T>,
): Page<T> {
  response.setHeader('X-Total-Count', String(found.total));
  const last = Math.max(1, Math.ceil(found.total / limit));
  const links = [
    ['first', 1],
    ...(page > 1 ? [['prev', Math.min(page - 1, last)] as const] : []),
    ...(page < last ? [['next', page + 1] as const] : []),
    ['last', last],
  ] as const;
  response.setHeader(
    'Link',
    links.map(([relation, target]) => `<${address(request, target)}>; rel="${relation}"`).join(', '),
  );
  return found;
}

function address(request: EdgeRequest, page: number): string {
  const url = new URL(request.originalUrl, 'http://relative');
  url.searchParams.set('page', String(page));
  return `${url.pathname}${url.search}`;
}
