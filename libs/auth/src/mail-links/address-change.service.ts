import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { MailLanguage } from '@adiuva/mail';
import { Database, isDuplicate, ServerKeys, type Tx } from '@adiuva/platform';
import { refuseTaken } from '../accounts.service';
import { indexesOf } from '../email-address';
import { SignInRules } from '../sign-in-rules.service';
import { UserEncryption } from '../user-encryption.service';
import { MailLinks } from './mail-links.service';

const ADDRESS_COLUMN = 'account_tokens.email';

/** An account changes to an address once its user has proved to receive mail there. */
@Injectable()
export class AddressChange {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly encryption: UserEncryption,
    private readonly rules: SignInRules,
    private readonly links: MailLinks,
  ) {}

  /** Who must sign in elsewhere because of the address may not change it, neither by a request nor by a link from before. @throws `sso_required` */
  assertAllowed(userId: string): Promise<void> {
    return this.rules.check(userId);
  }

  /** As `assertAllowed`, of the user that a token is for. */
  async assertUsable(token: string): Promise<void> {
    const userId = await this.links.tokens.userOf(token, 'verify_new_email');
    if (userId !== undefined) await this.assertAllowed(userId);
  }

  async propose(tx: Tx, userId: string, email: string, language: MailLanguage): Promise<void> {
    const cipher = await this.encryption.openIn(tx, userId);
    await this.links.tokens.issue(tx, userId, 'verify_new_email', cipher.seal(ADDRESS_COLUMN, email));
    await this.links.mailLater(tx, { userId, purpose: 'verify_new_email', language });
  }

  /** For the job: mails the link to the new address, unless that has an account. */
  async mailLink(userId: string, language: MailLanguage): Promise<void> {
    await this.database.transaction(async (tx) => {
      const email = await this.links.tokens.addressOf(tx, userId, 'verify_new_email');
      if (!email) return;
      const to = (await this.encryption.openIn(tx, userId)).open(ADDRESS_COLUMN, email);
      const taken = await tx.query<unknown[]>('SELECT 1 FROM users WHERE email_index = ANY($1)', [
        indexesOf(this.keys, to),
      ]);
      if (taken.length > 0) return;
      const token = await this.links.tokens.issue(tx, userId, 'verify_new_email', email);
      await this.links.mails.sendLink(tx, userId, { to, purpose: 'verify_new_email', token, language });
    });
  }

  /** Clients derive the login secret with a salt of the address at sign-up, so that salt stays with the account. @throws `email_taken` */
  async apply(tx: Tx, userId: string, sealed: Buffer): Promise<void> {
    const cipher = await this.encryption.openIn(tx, userId);
    const email = cipher.open(ADDRESS_COLUMN, sealed);
    const [user] = await tx.query<{ email: Buffer; login_salt: Buffer | null }[]>(
      'SELECT email, login_salt FROM users WHERE id = $1 AND erased_at IS NULL FOR UPDATE',
      [userId],
    );
    if (!user) throw new Problem('invalid_credentials');
    await refuseTaken(tx, indexesOf(this.keys, email));
    const salt = user.login_salt ?? this.keys.hmac('prelogin', cipher.open('users.email', user.email));
    try {
      await tx.query(
        'UPDATE users SET email = $2, email_index = $3, login_salt = $4, email_verified_at = now() WHERE id = $1',
        [userId, cipher.seal('users.email', email), indexesOf(this.keys, email)[0], salt],
      );
    } catch (error) {
      throw isDuplicate(error, 'users_email_index') ? new Problem('email_taken') : error;
    }
    // A link to the old address must not open the account afterwards.
    await this.links.tokens.deleteAll(tx, userId);
  }
}
