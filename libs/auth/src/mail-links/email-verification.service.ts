import { Injectable } from '@nestjs/common';
import { invalidField, Problem, type Principal } from '@adiuva/kernel';
import type { MailLanguage } from '@adiuva/mail';
import { Database } from '@adiuva/platform';
import { Accounts, lockVerified, type Origin } from '../accounts.service';
import { emailError, normalEmail } from '../email-address';
import { lockLiveUser } from '../live-user.store';
import { SignInLimits } from '../sign-in-limits.service';
import { AddressChange } from './address-change.service';
import { MailLinks } from './mail-links.service';

/** Proves that users receive mail at their address, and changes the address to one where they do. */
@Injectable()
export class EmailVerification {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly limits: SignInLimits,
    private readonly links: MailLinks,
    private readonly change: AddressChange,
  ) {}

  async isVerified(userId: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM users WHERE id = $1 AND email_verified_at IS NOT NULL', [
      userId,
    ]);
    return rows.length === 1;
  }

  /** Mails a link to the user's address; nothing where it is confirmed already. @throws `rate_limited`, `not_configured` */
  async request(caller: Principal, language: MailLanguage): Promise<void> {
    if (await this.isVerified(caller.userId)) return;
    await this.limits.checkMail(caller.userId);
    const { email } = await this.accounts.get(caller.userId);
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId);
      const token = await this.links.tokens.issue(tx, caller.userId, 'verify_email');
      await this.links.mails.sendLink(tx, caller.userId, { to: email, purpose: 'verify_email', token, language });
    });
  }

  /**
   * Mails a link to the new address and a notice to the old one. The response does not depend on whether the new address has an account;
   * then only the notice is sent. @throws `invalid_credentials`, `sso_required`, `validation_failed`, `rate_limited`, `not_configured`
   */
  async requestChange(
    caller: Principal,
    change: { readonly email: string; readonly password: string },
    origin: Origin,
    language: MailLanguage,
  ): Promise<void> {
    const error = emailError(change.email);
    if (error) throw invalidField('email', error);
    const verified = await this.accounts.confirmPassword(caller, change.password, origin);
    await this.change.assertAllowed(caller.userId);
    await this.limits.checkMail(caller.userId);
    await this.limits.checkMailTo(change.email);
    const { email: old } = await this.accounts.get(caller.userId);
    await this.database.transaction(async (tx) => {
      await lockVerified(tx, verified);
      await this.links.mails.sendNotice(tx, caller.userId, { to: old, template: 'email_changed', language });
      await this.change.propose(tx, caller.userId, normalEmail(change.email), language);
    });
  }

  /** Confirms the address that the token was mailed to. @throws `invalid_credentials`, `sso_required`, `email_taken`, `rate_limited` */
  async verify(token: string, origin: Origin): Promise<void> {
    try {
      await this.change.assertUsable(token);
      await this.database.transaction(async (tx) => {
        const { userId, email } = await this.links.tokens.consume(tx, token, ['verify_email', 'verify_new_email']);
        if (email) await this.change.apply(tx, userId, email);
        else await tx.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [userId]);
        await this.links.addressVerified(tx, userId, email !== null);
      });
    } catch (error) {
      if (error instanceof Problem && error.code === 'invalid_credentials')
        await this.limits.countUnknownToken(origin.address);
      throw error;
    }
  }
}
