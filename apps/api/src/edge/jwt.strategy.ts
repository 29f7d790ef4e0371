import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { newId, type Principal } from '@adiuva/kernel';
import { AccessTokens } from '@adiuva/auth';
import { CallerLookup } from './caller-lookup.service';

/** Verifies the bearer token, then asks the database who that is today. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  /** Passport keeps strategies by name for the whole process; several servers in one process each need their own. */
  override readonly name = `jwt-${newId()}`;

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
    });
    passport.use(this);
  }

  validate(payload: unknown): Promise<Principal> {
    return this.callers.of(this.tokens.claims(payload));
  }
}
