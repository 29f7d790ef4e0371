import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { returnedRows, type Tx } from '@adiuva/platform';
import { RECOVERY_KEY_BYTES } from '../recovery-challenge';

/**
 * Passkeys and recovery words of an account whose address was never confirmed. Who has signed up need not be who receives mail there, and must
 * not keep a sign-in of their own to the account of the other. The keyring stays: its words still open the data in a session, and the password
 * registers words again.
 */
@Injectable()
export class UnconfirmedAccess {
  constructor(private readonly audit: Audit) {}

  /** Under the lock of the user's row. A second factor remains: without it, a mailbox alone would open an account that has one. */
  async end(tx: Tx, userId: string): Promise<void> {
    const unconfirmed = 'SELECT 1 FROM users WHERE id = $1 AND email_verified_at IS NULL';
    if ((await tx.query<unknown[]>(unconfirmed, [userId])).length === 0) return;
    const passkeys = 'DELETE FROM passkeys WHERE user_id = $1 RETURNING id';
    for (const { id } of await returnedRows<{ id: string }>(tx, passkeys, [userId]))
      await this.audit.recordOwn(tx, userId, 'passkey.deleted', { passkey_id: id });
    // A key whose private half does not exist. Without any key, clients would no longer derive the login secret, and a first one needs no password.
    const recoveryKey = 'UPDATE users SET recovery_key = $2 WHERE id = $1 AND recovery_key IS NOT NULL';
    await tx.query(recoveryKey, [userId, randomBytes(RECOVERY_KEY_BYTES)]);
  }
}
