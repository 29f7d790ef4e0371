import { Injectable } from '@nestjs/common';

/** Refuses by throwing a `Problem` that says by which other means the user signs in. */
export type SignInRule = (userId: string) => Promise<void>;

/** What other libs demand of sign-ins with credentials of the account itself: password, passkey, recovery words. */
@Injectable()
export class SignInRules {
  private readonly rules: SignInRule[] = [];

  add(rule: SignInRule): void {
    this.rules.push(rule);
  }

  /** For users whose credentials are right, so that a refusal reveals nothing about an account. */
  async check(userId: string): Promise<void> {
    for (const rule of this.rules) await rule(userId);
  }
}
