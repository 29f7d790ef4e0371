import { Injectable } from '@nestjs/common';
import { invalidField, Problem, type Principal } from '@adiuva/kernel';
import { Database, type Tx } from '@adiuva/platform';
import { Accounts, lockVerified, type Origin } from './accounts.service';
import { Keyrings, type KeyringPrecondition, type StoredKeyring } from './keyrings.service';
import { lockLiveUser } from './live-user.store';

export interface KeyringUpdate {
  readonly keyring: Buffer;
  readonly recoveryKey: Buffer | null;
  /** Confirms a change of the recovery key. */
  readonly password: string | undefined;
}

/**
 * Stores keyrings together with the recovery key. The key can set a new password, so a stolen access token must not be able to
 * replace it: that takes the password, but for the first keyring of a session that has just begun, which is a sign-up.
 */
@Injectable()
export class RecoveryKeys {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly keyrings: Keyrings,
  ) {}

  /** @throws as `Keyrings.put`, and `invalid_credentials`, `rate_limited`, `validation_failed` where the password is needed */
  async putKeyring(
    owner: Principal,
    { keyring, recoveryKey, password }: KeyringUpdate,
    expected: KeyringPrecondition,
    origin: Origin,
  ): Promise<StoredKeyring> {
    if (recoveryKey === null) return this.keyrings.put(owner, keyring, expected);
    const verified = password === undefined ? undefined : await this.accounts.confirmPassword(owner, password, origin);
    // Words that open the keyring must also be those that recover the account, whatever stops this process.
    return this.database.transaction(async (tx) => {
      // A password that was reset meanwhile, and a session that ended with it, give no new words.
      if (verified) await lockVerified(tx, verified, 'UPDATE');
      else await lockSigningUp(tx, owner);
      const stored = await this.keyrings.putIn(tx, owner, keyring, verified ? expected : 'none');
      await tx.query('UPDATE users SET recovery_key = $2 WHERE id = $1', [owner.userId, recoveryKey]);
      return stored;
    });
  }
}

async function lockSigningUp(tx: Tx, owner: Principal): Promise<void> {
  await lockLiveUser(tx, owner.userId, 'UPDATE');
  const rows = await tx.query<unknown[]>(
    `SELECT 1 FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.user_id = $1 AND s.id = $2 AND s.created_at > now() - interval '15 minutes' AND s.revoked_at IS NULL
       AND u.recovery_key IS NULL AND NOT EXISTS (SELECT FROM keyrings k WHERE k.user_id = $1)`,
    [owner.userId, owner.sessionId],
  );
  if (rows.length === 0) throw passwordNeeded();
}

function passwordNeeded(): Problem {
  const message = 'is required to change the recovery key';
  return invalidField('password', message);
}
