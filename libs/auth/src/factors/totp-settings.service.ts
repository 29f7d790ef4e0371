import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { Accounts, lockVerified, type Origin } from '../accounts.service';
import { lockLiveUser } from '../live-user.store';
import { UserEncryption } from '../user-encryption.service';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes';
import { SecondFactor } from './second-factor.service';
import { otpauthUri, stepOfCode } from './totp';

/** RFC 4226, section 4: 160 bits. */
const SECRET_BYTES = 20;

/** Turns the authenticator app on and off. */
@Injectable()
export class TotpSettings {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly secondFactor: SecondFactor,
    private readonly encryption: UserEncryption,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  /** The address for the authenticator app. Nothing is asked at sign-in until a code has confirmed it. @throws `conflict` when it is on */
  async begin(caller: Principal): Promise<string> {
    const [account, cipher] = [await this.accounts.get(caller.userId), await this.encryption.open(caller.userId)];
    const secret = randomBytes(SECRET_BYTES);
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId);
      const rows = await tx.query<unknown[]>(
        `INSERT INTO totp_secrets AS t (user_id, secret) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE t.confirmed_at IS NULL RETURNING user_id`,
        [caller.userId, this.secondFactor.sealSecret(cipher, secret)],
      );
      if (rows.length === 0) throw new Problem('conflict', { detail: 'A second factor is already set up' });
    });
    return otpauthUri(secret, account.email);
  }

  /** The recovery codes, which are shown this once. @throws `wrong_code`, `conflict` when there is nothing to confirm, `rate_limited` */
  async confirm(caller: Principal, code: string, origin: Origin): Promise<readonly string[]> {
    const attempt = await this.secondFactor.countAttempt(caller.userId, origin.address);
    const codes = newRecoveryCodes();
    await this.database.transaction(async (tx) => {
      await lockLiveUser(tx, caller.userId);
      const [row] = await tx.query<{ secret: Buffer }[]>(
        'SELECT secret FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NULL FOR UPDATE',
        [caller.userId],
      );
      if (!row) throw new Problem('conflict', { detail: 'There is no second factor to confirm' });
      const cipher = await this.encryption.openIn(tx, caller.userId);
      const step = stepOfCode(this.secondFactor.openSecret(cipher, row.secret), code.trim(), this.clock.now());
      if (step === undefined) throw new Problem('wrong_code');
      await tx.query('UPDATE totp_secrets SET confirmed_at = now(), last_step = $2 WHERE user_id = $1', [
        caller.userId,
        step,
      ]);
      await tx.query('INSERT INTO totp_recovery_codes (user_id, hash) SELECT $1, unnest($2::bytea[])', [
        caller.userId,
        codes.map((recovery) => recoveryCodeHash(caller.userId, recovery)),
      ]);
      await this.audit.recordOwn(tx, caller.userId, 'totp.enabled');
    });
    await this.secondFactor.refundAttempt(attempt);
    return codes;
  }

  /** @throws `invalid_credentials` for a wrong password or code, `not_found` when it is off, `rate_limited` */
  async disable(caller: Principal, password: string, code: string, origin: Origin): Promise<void> {
    const verified = await this.accounts.confirmPassword(caller, password, origin);
    if (!(await this.secondFactor.isEnabled(caller.userId))) throw new Problem('not_found');
    const attempt = await this.secondFactor.countAttempt(caller.userId, origin.address);
    await this.database.transaction(async (tx) => {
      await lockVerified(tx, verified);
      await this.secondFactor.consume(tx, caller.userId, code);
      await tx.query('DELETE FROM totp_secrets WHERE user_id = $1', [caller.userId]);
      await tx.query('DELETE FROM totp_recovery_codes WHERE user_id = $1', [caller.userId]);
      await this.audit.recordOwn(tx, caller.userId, 'totp.disabled');
    });
    await this.secondFactor.refundAttempt(attempt);
  }
}
