import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { Accounts, lockVerified, type Origin } from './accounts.service';
import { SecondFactor } from './factors/second-factor.service';
import { Sessions, type AuthTokens } from './sessions.service';
import { SignInLimits } from './sign-in-limits.service';
import { UserEncryption } from './user-encryption.service';

/** Opens sessions for users whose credentials are right. */
@Injectable()
export class SignIn {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly secondFactor: SecondFactor,
    private readonly encryption: UserEncryption,
    private readonly sessions: Sessions,
    private readonly limits: SignInLimits,
  ) {}

  /**
   * The second factor is asked for only after the password was right, so that it reveals nothing about an account.
   * @throws `invalid_credentials`, `totp_required`, `rate_limited`
   */
  async withPassword(email: string, password: string, code: string | undefined, origin: Origin): Promise<AuthTokens> {
    const user = await this.accounts.verifyPassword(email, password, origin);
    const enabled = await this.secondFactor.isEnabled(user.id);
    if (enabled && code === undefined) throw new Problem('totp_required');
    const attempt = enabled ? await this.secondFactor.countAttempt(user.id, origin.address) : undefined;
    const tokens = await this.database.transaction(async (tx) => {
      await lockVerified(tx, user);
      await this.secondFactor.consume(tx, user.id, code);
      return this.openSession(tx, user.id, origin);
    });
    if (attempt) await this.secondFactor.refundAttempt(attempt);
    return tokens;
  }

  /** For credentials that were verified under the lock of the user's row in `tx`. */
  async openSession(tx: Tx, userId: string, origin: Origin): Promise<AuthTokens> {
    const cipher = await this.encryption.openIn(tx, userId);
    await this.limits.rememberAddress(tx, userId, origin.address);
    return this.sessions.open(tx, userId, cipher, origin.userAgent);
  }
}
