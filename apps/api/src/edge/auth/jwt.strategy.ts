import { hash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { LRUCache } from 'lru-cache';
import { entryLimit } from '@adiuva/platform';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import { newId, type Principal } from '@adiuva/kernel';
import { AccessTokens, type AccessClaims } from '@adiuva/auth';
import { CallerLookup } from './caller-lookup.service';
import type { EdgeRequest } from '../principal';

/** Of about 300 bytes each. */
const MAX_VERIFIED = 20_000;
const MAX_TOKEN_LENGTH = 4_096;
/** RFC 6750, section 2.1, and nothing before or after it. */
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;

/** Verifies the bearer token, then asks the database who that is today. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') implements OnApplicationShutdown {
  /** Passport keeps strategies by name for the whole process; several servers in one process each need their own. */
  override readonly name = `jwt-${newId()}`;
  /** By the hash of the token. */
  private readonly verified = new LRUCache<string, AccessClaims>(entryLimit(MAX_VERIFIED));

  constructor(
    private readonly tokens: AccessTokens,
    private readonly callers: CallerLookup,
  ) {
    const { algorithms, issuer, audience, clockTolerance } = tokens.rules;
    super({
      jwtFromRequest: ({ headers }: EdgeRequest) => bearerToken(headers.authorization) ?? null,
      secretOrKeyProvider: (_request: unknown, token: string, done: (error: unknown, key?: string) => void) => {
        const key = tokens.keyFor(token);
        // passport-jwt types keys as strings but hands them to jsonwebtoken, which takes a KeyObject (and is 40 times faster with one).
        if (key) done(null, key as unknown as string);
        else done(new Error('unknown key'));
      },
      algorithms,
      issuer,
      audience,
      jsonWebTokenOptions: { clockTolerance },
      passReqToCallback: true,
    });
    passport.use(this);
  }

  onApplicationShutdown(): void {
    passport.unuse(this.name);
  }

  async validate(request: EdgeRequest, payload: unknown): Promise<Principal> {
    const claims = this.tokens.claims(payload);
    const caller = await this.callers.of(claims);
    this.verified.set(hashOf(bearerToken(request.headers.authorization) ?? ''), claims);
    return caller;
  }

  /** The claims of a token that was verified here before and has not expired: checking its signature again proves nothing new. */
  alreadyVerified(authorization: string | undefined): AccessClaims | undefined {
    const token = bearerToken(authorization);
    const claims = token === undefined ? undefined : this.verified.get(hashOf(token));
    const { clockTolerance } = this.tokens.rules;
    return claims && claims.expiresAt.getTime() + clockTolerance * 1000 > Date.now() ? claims : undefined;
  }
}

function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > MAX_TOKEN_LENGTH) return undefined;
  return BEARER.exec(authorization)?.[1];
}

function hashOf(token: string): string {
  return hash('sha256', token, 'base64');
}
