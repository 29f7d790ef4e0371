import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { MailLanguage } from '@adiuva/mail';
import { Database, type Tx } from '@adiuva/platform';
import { Accounts, refuseWeak, type Origin } from '../accounts.service';
import { lockLiveUser, lockUser } from '../live-user.store';
import { PasswordChanges } from '../password-changes.service';
import { PasswordHasher } from '../password-hasher.adapter';
import { SignInLimits } from '../sign-in-limits.service';
import { invalidLink } from './account-tokens.store';
import { MailLinks } from './mail-links.service';

export interface PasswordReset {
  readonly token: string;
  readonly newPassword: string;
  /** The keyring, wrapped again by the client with the recovery key. */
  readonly keyring: Buffer | null;
}

/** A forgotten password: a mailed link sets another one. It gives access to the account, not to data that only the client can open. */
@Injectable()
export class PasswordResets {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly hasher: PasswordHasher,
    private readonly changes: PasswordChanges,
    private readonly limits: SignInLimits,
    private readonly links: MailLinks,
  ) {}

  /** Sets the password and ends all sessions, and passkeys and recovery words as a sign-in where the address was not confirmed before. Returns whether there is a keyring that the new password cannot open. @throws `invalid_credentials`, `validation_failed`, `rate_limited` */
  async reset({ token, newPassword, keyring }: PasswordReset, origin: Origin): Promise<boolean> {
    const userId = await this.links.tokens.userOf(token, 'reset_password');
    if (userId === undefined) {
      await this.limits.countUnknownToken(origin.address);
      throw invalidLink();
    }
    const { email } = await this.accounts.get(userId);
    refuseWeak(newPassword, email, 'new_password');
    const hash = await this.hasher.hash(newPassword);
    return this.database.transaction(async (tx) => {
      await lockLiveUser(tx, userId, 'UPDATE');
      await this.links.tokens.consume(tx, token, ['reset_password']);
      await this.links.unconfirmed.end(tx, userId);
      await tx.query(
        `UPDATE users SET password_hash = $2, recovered_at = now(), email_verified_at = COALESCE(email_verified_at, now())
         WHERE id = $1`,
        [userId, hash],
      );
      const lost = await this.replaceKeyring(tx, userId, keyring);
      await this.links.tokens.deleteAll(tx, userId);
      await this.changes.announceReset(tx, userId, email, 'password.reset');
      return lost;
    });
  }

  /** For the job: mails the link. An account that does not exist is not an error. */
  async mailLink(userId: string, language: MailLanguage): Promise<void> {
    const account = await this.accounts.get(userId).catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'not_found') return undefined;
      throw error;
    });
    if (!account) return;
    await this.database.transaction(async (tx) => {
      if ((await lockUser(tx, userId)).disabled) return;
      const token = await this.links.tokens.issue(tx, userId, 'reset_password');
      await this.links.mails.sendLink(tx, userId, { to: account.email, purpose: 'reset_password', token, language });
    });
  }

  private async replaceKeyring(tx: Tx, userId: string, keyring: Buffer | null): Promise<boolean> {
    if (!keyring) return (await tx.query<unknown[]>('SELECT 1 FROM keyrings WHERE user_id = $1', [userId])).length > 0;
    await tx.query(
      `INSERT INTO keyrings AS k (user_id, keyring) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET keyring = excluded.keyring, version = k.version + 1, updated_at = now()`,
      [userId, keyring],
    );
    return false;
  }
}

/** Takes requests for a reset link: the same statements, words and time whether or not the address has an account. */
@Injectable()
export class ForgottenPasswords {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly limits: SignInLimits,
    private readonly links: MailLinks,
  ) {}

  /** @throws `rate_limited`, `not_configured` */
  async request(email: string, origin: Origin, language: MailLanguage): Promise<void> {
    this.links.mails.assertConfigured();
    await this.limits.checkLookup(origin.address);
    const { key, userId = randomUUID() } = await this.accounts.lookUp(email);
    await this.limits.checkMail(key);
    await this.database.transaction((tx) => this.links.mailLater(tx, { userId, purpose: 'reset_password', language }));
  }
}
