const VERSION = /^v\d+\w*$/;
/** Endpoints that are often copied in place of a base URL, and are never below one. */
const OTHER_ENDPOINT = /(?:^|\/)(?:responses|embeddings|(?<!chat\/)completions|[^/]+:\w*generate\w*)$/i;

/**
 * The address of an endpoint below a base URL as people write it: with a path, a query, slashes too many, a version twice, or the endpoint
 * itself. `path` begins with the API's version where the base usually has none. Throws with what is wrong.
 */
export function endpointUrl(base: string, path: string, query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(base);
  if (!/^https?:$/.test(url.protocol)) throw new Error('must begin with http:// or https://');
  if (url.username !== '' || url.password !== '') throw new Error('must not contain a user name or password');
  if (url.hash !== '') throw new Error('must not contain a fragment');
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  if (OTHER_ENDPOINT.test(segments.join('/')))
    throw new Error('must be a base URL, not the address of another endpoint');
  const wanted = path.split('/');
  const isDoubled = (segment: string, at: number): boolean =>
    segment === segments[at - 1] && (VERSION.test(segment) || segment === wanted[0]);
  const own = segments.filter((segment, at) => !isDoubled(segment, at));
  url.pathname = `/${append(own, wanted).join('/')}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** What is wrong with a base URL, without the URL; undefined where it can be used. */
export function baseUrlFault(base: string): string | undefined {
  try {
    endpointUrl(base, '');
    return undefined;
  } catch (error) {
    return error instanceof Error && !('input' in error) ? error.message : 'must be a URL';
  }
}

function append(base: readonly string[], path: readonly string[]): readonly string[] {
  const overlap =
    path.findLastIndex((_, at) => path.slice(0, at + 1).every((part, k) => base[base.length - at - 1 + k] === part)) +
    1;
  if (overlap > 0) return [...base, ...path.slice(overlap)];
  const [first = ''] = path;
  return VERSION.test(first) && VERSION.test(base.at(-1) ?? '') ? [...base, ...path.slice(1)] : [...base, ...path];
}
