import { Injectable } from '@nestjs/common';
import { Accounts, lockVerified, type Origin } from './accounts.service';
import type { AuthTokens } from './sessions.service';
import { SignIn } from './sign-in.service';

/** Sign-in with address and password. */
@Injectable()
export class PasswordSignIn {
  constructor(
    private readonly accounts: Accounts,
    private readonly signIn: SignIn,
  ) {}

  /** @throws `invalid_credentials`, `totp_required`, `sso_required`, `rate_limited` */
  async complete(email: string, password: string, code: string | undefined, origin: Origin): Promise<AuthTokens> {
    const user = await this.accounts.verifyPassword(email, password, origin);
    await this.signIn.checkRules(user.id);
    return this.signIn.withSecondFactor(user.id, code, origin, (tx) => lockVerified(tx, user));
  }
}
