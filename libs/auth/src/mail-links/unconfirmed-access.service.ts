import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { returnedRows, type Tx } from '@adiuva/platform';

/**
 * Passkeys of an account whose address was never confirmed. Who has signed up need not be who receives mail there, and must not keep a sign-in of
 * their own to the account of the other. Recovery words stay: they alone open the data of a user who has forgotten the password, and new ones are
 * made with a new keyring.
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
  }
}
