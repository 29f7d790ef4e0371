import { Injectable } from '@nestjs/common';
import { Clock, Problem } from '@adiuva/kernel';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import { SignInLimits, type LoginAttempt } from '../sign-in-limits.service';
import { UserCipher, UserEncryption } from '../user-encryption.service';
import { recoveryCodeHash } from './recovery-codes';
import { stepOfCode } from './totp';

const SECRET_COLUMN = 'totp_secrets.secret';

/** Codes of the authenticator app and recovery codes, each accepted once. */
@Injectable()
export class SecondFactor {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly limits: SignInLimits,
    private readonly clock: Clock,
  ) {}

  async isEnabled(userId: string): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL',
      [userId],
    );
    return rows.length === 1;
  }

  /** Counts a code before it is checked; the account's own limit, so that a known password does not allow unlimited codes. */
  async countAttempt(userId: string, address: string): Promise<LoginAttempt> {
    return this.limits.checkAttempt(Buffer.from(`totp|${userId}`), userId, address);
  }

  refundAttempt(attempt: LoginAttempt): Promise<void> {
    return this.limits.refundAttempt(attempt);
  }

  /**
   * Spends `code` where the user has a second factor; without one nothing is asked. Under the lock of the secret, so that of concurrent
   * attempts with one code one succeeds. @throws `totp_required` without a code, `invalid_credentials` for a wrong or spent one
   */
  async consume(tx: Tx, userId: string, code: string | undefined): Promise<void> {
    const [row] = await tx.query<{ secret: Buffer; last_step: number }[]>(
      'SELECT secret, last_step FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL FOR UPDATE',
      [userId],
    );
    if (!row) return;
    if (code === undefined) throw new Problem('totp_required');
    const cipher = await this.encryption.openIn(tx, userId);
    const step = stepOfCode(this.openSecret(cipher, row.secret), code.trim(), this.clock.now());
    if (step !== undefined && step > row.last_step) {
      await tx.query('UPDATE totp_secrets SET last_step = $2 WHERE user_id = $1', [userId, step]);
      return;
    }
    const spent = await returnedRows(
      tx,
      'DELETE FROM totp_recovery_codes WHERE user_id = $1 AND hash = $2 RETURNING hash',
      [userId, recoveryCodeHash(userId, code)],
    );
    if (spent.length === 0)
      throw new Problem('invalid_credentials', { detail: 'The code is wrong or was used before' });
  }

  sealSecret(cipher: UserCipher, secret: Uint8Array): Buffer {
    return cipher.seal(SECRET_COLUMN, Buffer.from(secret).toString('base64'));
  }

  openSecret(cipher: UserCipher, sealed: Uint8Array): Buffer {
    return Buffer.from(cipher.open(SECRET_COLUMN, sealed), 'base64');
  }
}
