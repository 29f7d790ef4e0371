import { domainToASCII } from 'node:url';

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN = new RegExp(`^(?:${LABEL}\\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`);

/** What ends a host name in an address, so that `domainToASCII` would leave out the rest. */
const DELIMITER = /[/?#@:\\]/;

/** A domain in its ASCII form without a final dot; undefined where it is none. */
export function normalDomain(text: string): string | undefined {
  if (DELIMITER.test(text)) return undefined;
  const domain = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase();
  return domain.length <= 253 && DOMAIN.test(domain) ? domain : undefined;
}

/** The domain of an address; undefined where it is none. */
export function domainOf(email: string): string | undefined {
  return normalDomain(email.slice(email.lastIndexOf('@') + 1));
}

/** Whether the app may wait at a redirect URI: the loopback interface with any port (RFC 8252, section 7.3), or one of the exact `allowed`. */
export function isAppRedirect(uri: string, allowed: readonly string[]): boolean {
  if (allowed.includes(uri)) return true;
  const url = URL.parse(uri);
  if (!url || url.protocol !== 'http:' || url.port === '' || url.username !== '' || url.password !== '') return false;
  return (
    ['127.0.0.1', '[::1]'].includes(url.hostname) &&
    url.hash === '' &&
    /^http:\/\/(?:127\.0\.0\.1|\[::1\]):\d+\//.test(uri)
  );
}
