import { Problem, type Principal } from '@adiuva/kernel';
import type { Tx } from '@adiuva/platform';

type LockMode = 'SHARE' | 'UPDATE';

/**
 * For every transaction that creates something of a user: waits for an erasure that is in progress and keeps another from beginning until
 * the transaction ends, so that nothing is made that the erasure does not see. Call it before other rows of the user are locked.
 * `UPDATE` also keeps other creations of the user waiting, for who counts what there is before adding to it.
 * @throws `unauthenticated` when the account is erased, `account_disabled`
 */
export async function lockLiveUser(tx: Tx, userId: string, mode: LockMode = 'SHARE'): Promise<void> {
  if ((await lockUser(tx, userId, mode)).disabled) throw new Problem('account_disabled');
}

/** As `lockLiveUser`, also for a disabled account: what the server itself records of it. */
export async function lockUser(
  tx: Tx,
  userId: string,
  mode: LockMode = 'SHARE',
): Promise<{ readonly disabled: boolean }> {
  const [row] = await tx.query<{ disabled: boolean }[]>(
    `SELECT disabled_at IS NOT NULL AS disabled FROM users WHERE id = $1 AND erased_at IS NULL FOR ${mode}`,
    [userId],
  );
  if (!row) throw new Problem('unauthenticated', { detail: 'This account is erased' });
  return row;
}

/** For what signs in by itself later: under the lock of the user, a reset that has ended the session cannot be overtaken. @throws `unauthenticated` */
export async function assertSessionLives(tx: Tx, { userId, sessionId }: Principal): Promise<void> {
  const live = 'SELECT 1 FROM sessions WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL';
  const rows = await tx.query<unknown[]>(live, [sessionId, userId]);
  if (rows.length === 0) throw new Problem('unauthenticated');
}
