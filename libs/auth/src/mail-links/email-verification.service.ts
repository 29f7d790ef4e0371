import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import type { MailLanguage } from '@adiuva/mail';
import { Database, isDuplicate, ServerKeys, type Tx } from '@adiuva/platform';
import { Accounts, lockVerified, type Origin } from '../accounts.service';
import { emailError, normalEmail } from '../email-address';
import { lockLiveUser } from '../live-user.store';
import { SignInLimits } from '../sign-in-limits.service';
import { UserEncryption } from '../user-encryption.service';
import type { ConsumedToken } from './account-tokens.store';
import { MailLinks } from './mail-links.service';

const ADDRESS_COLUMN = 'account_tokens.email';

/** Proves that users receive mail at their address, and changes the address to one where they do. */
@Injectable()
export class EmailVerification {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly accounts: Accounts,
    private readonly encryption: UserEncryption,
    private readonly limits: SignInLimits,
    private readonly links: MailLinks,
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
   * then only the notice is sent. @throws `invalid_credentials`, `validation_failed`, `rate_limited`, `not_configured`
   */
  async requestChange(
    caller: Principal,
    change: { readonly email: string; readonly password: string },
    origin: Origin,
    language: MailLanguage,
  ): Promise<void> {
    const error = emailError(change.email);
    if (error) throw new Problem('validation_failed', { errors: [{ field: 'email', message: error }] });
    const verified = await this.accounts.confirmPassword(caller, change.password, origin);
    await this.limits.checkMail(caller.userId);
    const to = normalEmail(change.email);
    const { email: old } = await this.accounts.get(caller.userId);
    const cipher = await this.encryption.open(caller.userId);
    await this.database.transaction(async (tx) => {
      await lockVerified(tx, verified);
      await this.links.tokens.issue(tx, caller.userId, 'verify_new_email', cipher.seal(ADDRESS_COLUMN, to));
      await this.links.mails.sendNotice(tx, caller.userId, { to: old, template: 'email_changed', language });
      await this.links.mailLater(tx, { userId: caller.userId, purpose: 'verify_new_email', language });
    });
  }

  /** For the job: mails the link to the new address, unless that has an account. */
  async mailChangeLink(userId: string, language: MailLanguage): Promise<void> {
    await this.database.transaction(async (tx) => {
      const email = await this.links.tokens.addressOf(tx, userId, 'verify_new_email');
      if (!email) return;
      const to = (await this.encryption.openIn(tx, userId)).open(ADDRESS_COLUMN, email);
      const taken = await tx.query<unknown[]>('SELECT 1 FROM users WHERE email_index = $1', [this.indexOf(to)]);
      if (taken.length > 0) return;
      const token = await this.links.tokens.issue(tx, userId, 'verify_new_email', email);
      await this.links.mails.sendLink(tx, userId, { to, purpose: 'verify_new_email', token, language });
    });
  }

  /** Confirms the address that the token was mailed to. @throws `invalid_credentials`, `email_taken`, `rate_limited` */
  async verify(token: string, origin: Origin): Promise<void> {
    try {
      await this.database.transaction(async (tx) => {
        const consumed = await this.links.tokens.consume(tx, token, ['verify_email', 'verify_new_email']);
        if (consumed.email) await this.changeAddress(tx, consumed, consumed.email);
        else await tx.query('UPDATE users SET email_verified_at = now() WHERE id = $1', [consumed.userId]);
        await this.links.addressVerified(tx, consumed.userId, consumed.email !== null);
      });
    } catch (error) {
      if (error instanceof Problem && error.code === 'invalid_credentials')
        await this.limits.countUnknownToken(origin.address);
      throw error;
    }
  }

  /** Clients derive the login secret with a salt of the address at sign-up, so that salt stays with the account. */
  private async changeAddress(tx: Tx, { userId }: ConsumedToken, sealed: Buffer): Promise<void> {
    const cipher = await this.encryption.openIn(tx, userId);
    const email = cipher.open(ADDRESS_COLUMN, sealed);
    const [user] = await tx.query<{ email: Buffer; login_salt: Buffer | null }[]>(
      'SELECT email, login_salt FROM users WHERE id = $1 AND erased_at IS NULL FOR UPDATE',
      [userId],
    );
    if (!user) throw new Problem('invalid_credentials');
    const salt = user.login_salt ?? this.keys.hmac('prelogin', cipher.open('users.email', user.email));
    try {
      await tx.query(
        'UPDATE users SET email = $2, email_index = $3, login_salt = $4, email_verified_at = now() WHERE id = $1',
        [userId, cipher.seal('users.email', email), this.indexOf(email), salt],
      );
    } catch (error) {
      throw isDuplicate(error, 'users_email_index') ? new Problem('email_taken') : error;
    }
    // A link to the old address must not open the account afterwards.
    await this.links.tokens.deleteAll(tx, userId);
  }

  private indexOf(email: string): Buffer {
    return this.keys.hmac('account-index', email);
  }
}
