import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { SessionLookup, type AccessClaims } from '@adiuva/auth';
import { Entitlements } from '@adiuva/billing';

/** Joins the holder of a session with their tier; both as the database has them now. */
@Injectable()
export class CallerLookup {
  constructor(
    private readonly sessionLookup: SessionLookup,
    private readonly entitlements: Entitlements,
  ) {}

  /** Throws `unauthenticated` when the session is over. */
  async of(claims: AccessClaims): Promise<Principal> {
    const [user, { tier, seats }] = await Promise.all([
      this.sessionLookup.of(claims.userId, claims.sessionId),
      this.entitlements.of(claims.userId),
    ]);
    return { ...user, tier, seats };
  }
}
