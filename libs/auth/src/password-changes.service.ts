import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { DEFAULT_LANGUAGE, type MailLanguage } from '@adiuva/mail';
import { Database, type Tx } from '@adiuva/platform';
import { Accounts, lockVerified, refuseWeak, type Origin } from './accounts.service';
import { AccountMails } from './mail-links/account-mails.service';
import { PasswordHasher } from './password-hasher.adapter';
import { Sessions } from './sessions.service';

/** Another password: who has changed it stays signed in, everyone else is signed out, and the address gets a notice. */
@Injectable()
export class PasswordChanges {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly hasher: PasswordHasher,
    private readonly sessions: Sessions,
    private readonly mails: AccountMails,
  ) {}

  /** @throws `invalid_credentials`, `validation_failed`, `rate_limited` */
  async change(
    caller: Principal,
    passwords: { readonly current: string; readonly next: string },
    origin: Origin,
    language: MailLanguage,
  ): Promise<void> {
    const { email } = await this.accounts.get(caller.userId);
    refuseWeak(passwords.next, email, 'new_password');
    const verified = await this.accounts.confirmPassword(caller, passwords.current, origin);
    const hash = await this.hasher.hash(passwords.next);
    await this.database.transaction(async (tx) => {
      await lockVerified(tx, verified, 'UPDATE');
      await tx.query('UPDATE users SET password_hash = $2 WHERE id = $1', [caller.userId, hash]);
      await this.sessions.revokeOthers(tx, caller, 'password.changed');
      await this.mails.sendNotice(tx, caller.userId, { to: email, template: 'password_changed', language });
    });
  }

  /** After a password was set without the old one: ends all sessions. */
  async announceReset(
    tx: Tx,
    userId: string,
    email: string,
    cause: 'password.reset' | 'password.recovered',
  ): Promise<void> {
    await this.sessions.revokeAll(tx, userId, cause);
    const language = DEFAULT_LANGUAGE;
    await this.mails.sendNotice(tx, userId, { to: email, template: 'password_changed', language });
  }
}
