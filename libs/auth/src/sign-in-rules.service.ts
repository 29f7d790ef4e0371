import { Injectable } from '@nestjs/common';

/** Refuses by throwing a `Problem` that says by which other means the user signs in. `ssoTeamId` is the team of a session that exists. */
export type SignInRule = (userId: string, ssoTeamId?: string) => Promise<void>;

/** What other libs demand of sign-ins with credentials of the account itself: password, passkey, recovery words; and of their sessions. */
@Injectable()
export class SignInRules {
  private readonly rules: SignInRule[] = [];

  add(rule: SignInRule): void {
    this.rules.push(rule);
  }

  /** For users whose credentials are right, so that a refusal reveals nothing about an account. */
  async check(userId: string, ssoTeamId?: string): Promise<void> {
    for (const rule of this.rules) await rule(userId, ssoTeamId);
  }
}
