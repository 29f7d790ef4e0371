import { Problem } from '@adiuva/kernel';
import type { Tx } from '@adiuva/platform';

/**
 * For every transaction that creates something of a user: waits for an erasure that is in progress and keeps another from beginning until
 * the transaction ends, so that nothing is made that the erasure does not see. Call it before other rows of the user are locked.
 * `UPDATE` also keeps other creations of the user waiting, for who counts what there is before adding to it.
 * @throws `unauthenticated` when the account is erased
 */
export async function lockLiveUser(tx: Tx, userId: string, mode: 'SHARE' | 'UPDATE' = 'SHARE'): Promise<void> {
  const rows = await tx.query<unknown[]>(`SELECT 1 FROM users WHERE id = $1 AND erased_at IS NULL FOR ${mode}`, [
    userId,
  ]);
  if (rows.length === 0) throw new Problem('unauthenticated', { detail: 'This account is erased' });
}
