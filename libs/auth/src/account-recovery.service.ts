import { Injectable } from '@nestjs/common';
import { invalidField, Problem } from '@adiuva/kernel';
import { Database, ServerKeys } from '@adiuva/platform';
import type { Origin } from './accounts.service';
import { indexesOf, normalEmail } from './email-address';
import { PasswordChanges } from './password-changes.service';
import { PasswordHasher } from './password-hasher.adapter';
import { passwordError } from './password-policy';
import {
  CHALLENGE_TTL_MS,
  issueChallenge,
  isSignedBy,
  readChallenge,
  readMessage,
  resetMessage,
} from './recovery-challenge';
import type { AuthTokens } from './sessions.service';
import { SignIn } from './sign-in.service';
import { SignInLimits } from './sign-in-limits.service';

export interface IssuedChallenge {
  readonly challenge: string;
  readonly expiresAt: Date;
}

export interface SignedChallenge {
  readonly email: string;
  readonly challenge: string;
  readonly signature: Buffer;
}

export interface Reset extends SignedChallenge {
  readonly newPassword: string;
  readonly keyring: Buffer;
  /** Where the words change, too. */
  readonly recoveryKey: Buffer | null;
}

export interface RecoverableKeyring {
  readonly userId: string;
  readonly keyring: Buffer;
}

interface RecoverableUser {
  readonly id: string;
  readonly recovery_key: Buffer | null;
  readonly keyring: Buffer | null;
}

/**
 * A lost password: the key pair that the recovery words give signs a challenge, which sets a new secret and keyring. A challenge is for
 * one account and five minutes; a successful reset ends it and all that were issued before it.
 */
@Injectable()
export class AccountRecovery {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly hasher: PasswordHasher,
    private readonly limits: SignInLimits,
    private readonly changes: PasswordChanges,
    private readonly signIn: SignIn,
  ) {}

  /** The same whether or not the account exists. @throws `rate_limited` */
  async begin(email: string, { address }: Origin): Promise<IssuedChallenge> {
    await this.limits.checkLookup(address);
    const now = Date.now();
    const challenge = issueChallenge(this.indexOf(email), now, (text) => this.keys.hmac('recovery', text));
    return { challenge, expiresAt: new Date(now + CHALLENGE_TTL_MS) };
  }

  /** The keyring, for the owner of the words to open with them. @throws `invalid_credentials`, `rate_limited` */
  async readKeyring(signed: SignedChallenge, { address }: Origin): Promise<RecoverableKeyring> {
    const { user } = await this.verify(signed, readMessage(signed.challenge), address);
    if (!user.keyring) throw new Problem('not_found', { detail: 'This account has no keyring yet' });
    return { userId: user.id, keyring: user.keyring };
  }

  /** Sets the secret and the keyring, ends all sessions and opens a new one. @throws `invalid_credentials`, `validation_failed`, `rate_limited` */
  async reset(reset: Reset, origin: Origin): Promise<AuthTokens> {
    const { email, challenge, newPassword, keyring, recoveryKey } = reset;
    const weak = passwordError(newPassword, normalEmail(email));
    if (weak) throw invalidField('new_password', weak);
    const message = resetMessage(challenge, newPassword, keyring);
    const { user, issuedAt } = await this.verify(reset, message, origin.address);
    const hash = await this.hasher.hash(newPassword);
    await this.signIn.checkRules(user.id);
    return this.database.transaction(async (tx) => {
      const [updated] = await tx.query<[unknown[], number]>(
        `UPDATE users SET password_hash = $2, recovery_key = COALESCE($5, recovery_key),
           recovered_at = GREATEST(now(), to_timestamp($4::double precision / 1000))
         WHERE id = $1 AND erased_at IS NULL AND recovery_key = $3
           AND (recovered_at IS NULL OR recovered_at < to_timestamp($4::double precision / 1000)) RETURNING id`,
        [user.id, hash, user.recovery_key, issuedAt, recoveryKey],
      );
      if (updated.length === 0) throw refused();
      await tx.query(
        `INSERT INTO keyrings AS k (user_id, keyring) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET keyring = excluded.keyring, version = k.version + 1, updated_at = now()`,
        [user.id, keyring],
      );
      await this.changes.announceReset(tx, user.id, normalEmail(email), 'password.recovered');
      return this.signIn.openSession(tx, user.id, origin);
    });
  }

  /** Does the same work for an unknown account. Counts as an attempt to sign in, given back when it is right. */
  private async verify(
    { email, challenge, signature }: SignedChallenge,
    message: string,
    address: string,
  ): Promise<{ user: RecoverableUser; issuedAt: number }> {
    const index = this.indexOf(email);
    const [user] = await this.database.query<RecoverableUser>(
      `SELECT u.id, u.recovery_key, k.keyring FROM users u LEFT JOIN keyrings k ON k.user_id = u.id
       WHERE u.email_index = ANY($1) AND u.erased_at IS NULL ORDER BY array_position($1::bytea[], u.email_index) LIMIT 1`,
      [indexesOf(this.keys, email)],
    );
    const attempt = await this.limits.checkAttempt(index, user?.id, address);
    const issued = readChallenge(challenge, index, (text) => this.keys.hmac('recovery', text));
    const signed = isSignedBy(user?.recovery_key, message, signature);
    if (!user || !issued || !signed || issued.expiresAt < Date.now()) {
      await this.limits.attemptFailed(user?.id, 'recovery');
      throw refused();
    }
    await this.limits.refundAttempt(attempt);
    return { user, issuedAt: issued.issuedAt };
  }

  private indexOf(email: string): Buffer {
    return this.keys.hmac('account-index', normalEmail(email));
  }
}

function refused(): Problem {
  return new Problem('invalid_credentials', { detail: 'The challenge or its signature is not valid' });
}
