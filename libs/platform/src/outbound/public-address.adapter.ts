import { lookup as systemLookup } from 'node:dns';
import { BlockList, isIP, isIPv4, isIPv6, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** `code` of the error of a connection that is refused because its address is not public. */
export const PRIVATE_ADDRESS = 'EPRIVATE';

/** Networks that are not the public Internet (IANA special-purpose registries, RFC 6890). */
const PRIVATE = new BlockList();
const V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;
for (const [network, prefix] of V4) PRIVATE.addSubnet(network, prefix, 'ipv4');

/** Only global unicast; of it not what leads to IPv4 addresses or to documentation. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet('2000::', 3, 'ipv6');
const SPECIAL_V6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  SPECIAL_V6.addSubnet(network, prefix, 'ipv6');

/** Names that never lead to the public Internet (RFC 6761, RFC 6762, RFC 8375, and `internal` as ICANN has reserved it), whatever a resolver says. */
const PRIVATE_NAME = /(?:^|\.)(?:localhost|local|internal|home\.arpa)\.?$/i;

export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !PRIVATE.check(address, 'ipv4');
  if (!isIPv6(address)) return false;
  return GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6');
}

/** Whether a URL names an address that is not public by itself; every name that may be public is decided when it is looked up. */
export function hasPrivateAddress(url: URL): boolean {
  return isPrivateHost(url.hostname);
}

/** As `dns.lookup`, but fails where any address of the name is not public. What it returns is what the connection is made to. */
export function publicLookup(resolve: typeof systemLookup = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || first === undefined) return callback(error ?? privateAddress(), '', 0);
      if (addresses.some(({ address }) => !isPublicAddress(address))) return callback(privateAddress(), '', 0);
      if (options.all) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/**
 * Connects an undici dispatcher to public addresses alone, for URLs that users give. Every connection is checked when it is made, by the
 * address that it is made to, so neither a redirect nor a name whose address changes afterwards leads elsewhere. `isTrusted` exempts `host:port`.
 */
export function publicConnector(
  timeoutMs: number,
  isTrusted: (host: string) => boolean = () => false,
  resolve?: typeof systemLookup,
): buildConnector.connector {
  const trusted = buildConnector({ timeout: timeoutMs });
  const checked = buildConnector({ timeout: timeoutMs, lookup: publicLookup(resolve) });
  return (options, callback) => {
    if (isTrusted(options.host ?? `${options.hostname}:${options.port}`)) return trusted(options, callback);
    // A literal address is not looked up.
    if (isPrivateHost(options.hostname)) return callback(privateAddress(), null);
    return checked(options, callback);
  };
}

function isPrivateHost(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? PRIVATE_NAME.test(address) : !isPublicAddress(address);
}

function privateAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('not a public address'), { code: PRIVATE_ADDRESS });
}
