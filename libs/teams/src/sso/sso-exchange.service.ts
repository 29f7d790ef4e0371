import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { lockLiveUser, SignIn, SignInLimits, type AuthTokens, type Origin } from '@adiuva/auth';
import type { Tx } from '@adiuva/platform';
import { TeamAccess } from '../team-access.service';
import { SsoCodes } from './sso-codes.store';

/** The last step of the app: its code and verifier become a session. */
@Injectable()
export class SsoExchange {
  constructor(
    private readonly codes: SsoCodes,
    private readonly access: TeamAccess,
    private readonly signIn: SignIn,
    private readonly limits: SignInLimits,
  ) {}

  /**
   * A second factor that the user has turned on here is asked for here too: the provider of a team must not be able to sign in alone to an
   * account that its user has protected. @throws `invalid_credentials`, `totp_required` (the code stays valid), `rate_limited`
   */
  async complete(code: string, verifier: string, totp: string | undefined, origin: Origin): Promise<AuthTokens> {
    try {
      const { teamId, userId } = await this.codes.read(code, verifier);
      if (!(await this.access.isIn(teamId, userId))) throw new Problem('invalid_credentials');
      const confirm = async (tx: Tx): Promise<void> => {
        await lockLiveUser(tx, userId);
        await this.codes.consume(tx, code);
      };
      return await this.signIn.withSecondFactor(userId, totp, origin, confirm, teamId);
    } catch (error) {
      if (error instanceof Problem && error.code === 'invalid_credentials')
        await this.limits.countUnknownToken(origin.address);
      throw error;
    }
  }
}
