import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import type { Origin } from './accounts.service';
import { SecondFactor } from './factors/second-factor.service';
import { Sessions, type AuthTokens } from './sessions.service';
import { SignInLimits } from './sign-in-limits.service';
import { SignInRules } from './sign-in-rules.service';
import { UserEncryption } from './user-encryption.service';

/** Opens sessions for users whose credentials are right. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly secondFactor: SecondFactor,
    private readonly encryption: UserEncryption,
    private readonly sessions: Sessions,
    private readonly limits: SignInLimits,
    private readonly rules: SignInRules,
  ) {}

  /**
   * Opens a session for a user whose first factor is right; `confirm` confirms that under the lock of the user's row. The second factor is asked
   * for only here, so that it reveals nothing about an account. @throws `invalid_credentials`, `totp_required`, `rate_limited`
   */
  async withSecondFactor(
    userId: string,
    code: string | undefined,
    origin: Origin,
    confirm: (tx: Tx) => Promise<void>,
    ssoTeamId?: string,
  ): Promise<AuthTokens> {
    const enabled = await this.secondFactor.isEnabled(userId);
    if (enabled && code === undefined) throw new Problem('totp_required');
    const attempt = enabled ? await this.secondFactor.countAttempt(userId, origin.address) : undefined;
    const tokens = await this.database
      .transaction(async (tx) => {
        await confirm(tx);
        await this.secondFactor.consume(tx, userId, code);
        return this.openSession(tx, userId, origin, ssoTeamId);
      })
      .catch(async (error: unknown) => {
        if (attempt && error instanceof Problem && error.code === 'invalid_credentials')
          await this.limits.attemptFailed(userId, 'totp');
        throw error;
      });
    if (attempt) await this.secondFactor.refundAttempt(attempt);
    return tokens;
  }

  /** Before a session is opened by credentials of the account itself. */
  checkRules(userId: string): Promise<void> {
    return this.rules.check(userId);
  }

  /** For credentials that were verified under the lock of the user's row in `tx`. */
  async openSession(tx: Tx, userId: string, origin: Origin, ssoTeamId?: string): Promise<AuthTokens> {
    const cipher = await this.encryption.openIn(tx, userId);
    await this.limits.rememberAddress(tx, userId, origin.address);
    return this.sessions.open(tx, userId, cipher, origin.userAgent, ssoTeamId);
  }
}
