import type { webcrypto } from 'node:crypto';

/** For whom a worker acts, and what it may do. */
export interface AgentClaims {
  readonly sub: string;
  readonly scopes: readonly string[];
  readonly exp: number;
}

export interface TokenRules {
  /** `AGENT_JWT_SECRET` of the server; absent where it signs with a private key. */
  readonly secret?: string;
  /** The public keys of the server, from `/api/v1/auth/.well-known/jwks.json`. */
  readonly jwksUrl?: string;
  readonly issuer: string;
  readonly audience: string;
}

type Jwk = webcrypto.JsonWebKey & { readonly kid?: string; readonly alg?: string };

interface Header {
  readonly alg?: unknown;
  readonly kid?: unknown;
}

const LEEWAY_S = 30;
const MAX_TOKEN_LENGTH = 4_096;
const ALGORITHMS = {
  HS256: { name: 'HMAC', hash: 'SHA-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;
type Algorithm = keyof typeof ALGORITHMS;

/** Verifies agent tokens with Web Crypto. The algorithm comes from the configured key, never from the token. */
export class AgentTokenVerifier {
  private readonly keys = new Map<string, Promise<Jwk>>();

  constructor(private readonly rules: TokenRules) {}

  /** Null for every token that is not a valid one of the server for this audience. */
  async verify(token: string): Promise<AgentClaims | null> {
    const [header, payload, signature, ...rest] = token.length > MAX_TOKEN_LENGTH ? [] : token.split('.');
    if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
    try {
      const found = await this.keyFor(parse(header));
      if (!found) return null;
      const data = new TextEncoder().encode(`${header}.${payload}`);
      const valid = await crypto.subtle.verify(ALGORITHMS[found.algorithm], found.key, bytesOf(signature), data);
      return valid ? this.claimsOf(parse(payload)) : null;
    } catch {
      return null;
    }
  }

  private claimsOf({ sub, scopes, exp, iss, aud }: Record<string, unknown>): AgentClaims | null {
    if (iss !== this.rules.issuer || aud !== this.rules.audience) return null;
    if (typeof sub !== 'string' || typeof exp !== 'number' || !Array.isArray(scopes)) return null;
    if (exp + LEEWAY_S < Date.now() / 1_000) return null;
    return { sub, exp, scopes: scopes.filter((scope) => typeof scope === 'string') };
  }

  private async keyFor({ alg, kid }: Header): Promise<{ algorithm: Algorithm; key: webcrypto.CryptoKey } | null> {
    const { secret, jwksUrl } = this.rules;
    if (secret !== undefined) {
      const raw = new TextEncoder().encode(secret);
      if (alg !== 'HS256') return null;
      return { algorithm: alg, key: await crypto.subtle.importKey('raw', raw, ALGORITHMS.HS256, false, ['verify']) };
    }
    if (jwksUrl === undefined || typeof kid !== 'string') return null;
    const jwk = await this.publicKey(jwksUrl, kid);
    if (jwk.alg !== alg || (alg !== 'RS256' && alg !== 'ES256')) return null;
    return { algorithm: alg, key: await crypto.subtle.importKey('jwk', jwk, ALGORITHMS[alg], false, ['verify']) };
  }

  /** Kept by `kid`: a rotated key has another one. A failed look-up is not kept. */
  private publicKey(url: string, kid: string): Promise<Jwk> {
    const known = this.keys.get(kid);
    if (known) return known;
    const found = fetchKey(url, kid);
    this.keys.set(kid, found);
    found.catch(() => this.keys.delete(kid));
    return found;
  }
}

async function fetchKey(url: string, kid: string): Promise<Jwk> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  const { keys } = (await response.json()) as { keys: Jwk[] };
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new Error('unknown key');
  return key;
}

function parse(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(part)));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
