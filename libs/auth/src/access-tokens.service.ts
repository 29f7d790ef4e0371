import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { sign, verify } from 'jsonwebtoken';
import { z } from 'zod';
import { Clock, Problem } from '@adiuva/kernel';
import { ConfigurationError, ServerConfig } from '@adiuva/config';
import { loadOrCreateSecret } from '@adiuva/platform';
import { AuthConfig } from './auth.config';

/** What an access token says. Who the caller is today is read from the database by `sub` and `sid`. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
  readonly expiresAt: Date;
}

export interface VerificationKey {
  readonly kid: string;
  readonly key: KeyObject;
}

const Claims = z.object({ sub: z.uuid(), sid: z.uuid(), exp: z.number(), jti: z.string() });
const LEEWAY_SECONDS = 30;

/** Signs and verifies access tokens. Algorithm, issuer and audience are pinned; two keys verify, so that a change of key ends no session. */
@Injectable()
export class AccessTokens {
  private readonly signingKey: KeyObject;
  private readonly verificationKeys: readonly VerificationKey[];

  constructor(
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    server: ServerConfig,
  ) {
    const [current, previous] = keysOf(config, server);
    this.signingKey = current;
    this.verificationKeys = [current, ...(previous ? [previous] : [])].map((key) => verificationKey(key));
  }

  issue(userId: string, sessionId: string): { token: string; expiresAt: Date } {
    const issued = Math.floor(this.clock.now().getTime() / 1000);
    const expires = issued + this.config.ACCESS_TOKEN_SECONDS;
    const claims = {
      sub: userId,
      sid: sessionId,
      jti: randomUUID(),
      iat: issued,
      exp: expires,
      iss: this.config.JWT_ISSUER,
      aud: this.config.JWT_AUDIENCE,
    };
    const token = sign(claims, this.signingKey, {
      algorithm: this.config.JWT_ALGORITHM,
      keyid: this.verificationKeys[0]?.kid ?? '',
    });
    return { token, expiresAt: new Date(expires * 1000) };
  }

  /** How a token must be verified, for every verifier (passport-jwt for requests, `verify` for sockets). */
  get rules(): { algorithms: ['HS256' | 'RS256' | 'ES256']; issuer: string; audience: string; clockTolerance: number } {
    const { JWT_ALGORITHM, JWT_ISSUER, JWT_AUDIENCE } = this.config;
    return { algorithms: [JWT_ALGORITHM], issuer: JWT_ISSUER, audience: JWT_AUDIENCE, clockTolerance: LEEWAY_SECONDS };
  }

  /** The key that a token names, undefined when it is none of ours. Keys inside a token are never used. */
  keyFor(token: string): KeyObject | undefined {
    const kid = kidOf(token);
    return this.verificationKeys.find((key) => key.kid === kid)?.key;
  }

  /** Throws `unauthenticated`. */
  verify(token: string): AccessClaims {
    try {
      const key = this.keyFor(token);
      if (!key) throw new Problem('unauthenticated');
      return this.claims(verify(token, key, this.rules));
    } catch (error) {
      throw error instanceof Problem ? error : new Problem('unauthenticated', { cause: error });
    }
  }

  /** Throws `unauthenticated` when a verified payload is not one of our access tokens. */
  claims(payload: unknown): AccessClaims {
    const parsed = Claims.safeParse(payload);
    if (!parsed.success) throw new Problem('unauthenticated');
    return { userId: parsed.data.sub, sessionId: parsed.data.sid, expiresAt: new Date(parsed.data.exp * 1000) };
  }

  /** RFC 7517 set of public keys; empty where the algorithm is symmetric. */
  jwks(): { keys: JsonWebKey[] } {
    if (this.config.JWT_ALGORITHM === 'HS256') return { keys: [] };
    const describe = ({ kid, key }: VerificationKey) => ({
      ...key.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      alg: this.config.JWT_ALGORITHM,
    });
    return { keys: this.verificationKeys.map(describe) };
  }
}

/** The `kid` of a token's first part; everything else in it is checked with the signature. */
export function kidOf(token: string): unknown {
  try {
    const header = token.slice(0, token.indexOf('.'));
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return typeof parsed === 'object' && parsed !== null && 'kid' in parsed ? parsed.kid : undefined;
  } catch {
    return undefined;
  }
}

function keysOf(config: AuthConfig, server: ServerConfig): [KeyObject, KeyObject | undefined] {
  if (config.JWT_ALGORITHM === 'HS256') {
    const secret = config.JWT_SECRET ?? loadOrCreateSecret(server.DATA_DIR, 'jwt-secret');
    const previous = config.JWT_SECRET_PREVIOUS;
    return [createSecretKey(secret, 'utf8'), previous === undefined ? undefined : createSecretKey(previous, 'utf8')];
  }
  const previous = config.JWT_PRIVATE_KEY_PREVIOUS;
  const current = privateKey('JWT_PRIVATE_KEY', config.JWT_PRIVATE_KEY ?? '', config.JWT_ALGORITHM);
  return [
    current,
    previous === undefined ? undefined : privateKey('JWT_PRIVATE_KEY_PREVIOUS', previous, config.JWT_ALGORITHM),
  ];
}

export function privateKey(name: string, pem: string, algorithm: 'RS256' | 'ES256'): KeyObject {
  const wanted = algorithm === 'RS256' ? 'rsa' : 'ec';
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 2048;
    if (key.asymmetricKeyType === wanted && bits >= 2048) return key;
  } catch {
    // Said below, without the parser's words.
  }
  throw new ConfigurationError([`${name}: must be a PEM private key for ${algorithm}`]);
}

export function verificationKey(key: KeyObject): VerificationKey {
  const verifying = key.type === 'secret' ? key : createPublicKey(key);
  const material = key.type === 'secret' ? key.export() : verifying.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha256').update('adiuva-kid|').update(material).digest('base64url').slice(0, 16);
  return { kid, key: verifying };
}
