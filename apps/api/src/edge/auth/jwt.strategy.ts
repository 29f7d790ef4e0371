import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { LRUCache } from 'lru-cache';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { newId, type Principal } from '@adiuva/kernel';
import { AccessTokens, type AccessClaims } from '@adiuva/auth';
import { CallerLookup } from './caller-lookup.service';
import type { EdgeRequest } from '../principal';

const MAX_REMEMBERED = 20_000;

/** Verifies the bearer token, then asks the database who that is today. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  /** Passport keeps strategies by name for the whole process; several servers in one process each need their own. */
  override readonly name = `jwt-${newId()}`;
  private readonly verified = new LRUCache<string, AccessClaims>({ max: MAX_REMEMBERED });

  constructor(
    private readonly tokens: AccessTokens,
    private readonly callers: CallerLookup,
  ) {
    const { algorithms, issuer, audience, clockTolerance } = tokens.rules;
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
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

  async validate(request: EdgeRequest, payload: unknown): Promise<Principal> {
    const claims = this.tokens.claims(payload);
    const caller = await this.callers.of(claims);
    this.verified.set(request.headers.authorization ?? '', claims);
    return caller;
  }

  /** The claims of a header whose token was verified here before and has not ended: checking a signature again proves nothing new. */
  remembered(authorization: string | undefined): AccessClaims | undefined {
    const claims = this.verified.get(authorization ?? '');
    const { clockTolerance } = this.tokens.rules;
    return claims && claims.expiresAt.getTime() + clockTolerance * 1000 > Date.now() ? claims : undefined;
  }
}
