import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { Database, Jobs, type Tx } from '@adiuva/platform';
import { Accounts, lockVerified, type Origin } from './accounts.service';
import { ERASE_ACCOUNT } from './auth.jobs';
import { Sessions } from './sessions.service';
import { UserEncryption } from './user-encryption.service';

/** Deletes accounts: the account itself immediately, everything that it owns by a job. */
@Injectable()
export class AuthErasure {
  constructor(
    private readonly database: Database,
    private readonly accounts: Accounts,
    private readonly encryption: UserEncryption,
    private readonly sessions: Sessions,
    private readonly jobs: Jobs,
  ) {}

  /** The data key is destroyed and all sessions are revoked; a job erases the rest. Throws `invalid_credentials`. */
  async request(caller: Principal, password: string, origin: Origin): Promise<void> {
    const verified = await this.accounts.confirmPassword(caller, password, origin);
    await this.database.transaction(async (tx) => {
      await lockVerified(tx, verified, 'UPDATE');
      await this.begin(tx, caller.userId, caller.userId);
    });
  }

  /** Under the lock of the account. `actorId` is null for the server itself. */
  async begin(tx: Tx, userId: string, actorId: string | null): Promise<void> {
    await tx.query(
      `UPDATE users SET erased_at = now(), email_index = NULL, email = NULL, display_name = NULL, password_hash = NULL,
         login_salt = NULL WHERE id = $1`,
      [userId],
    );
    await this.encryption.destroyKey(tx, userId);
    await this.sessions.revokeAll(tx, userId, 'account.erased', actorId);
    await this.jobs.add(tx, ERASE_ACCOUNT, { userId }, { key: `erase:${userId}` });
  }

  /** The last step of the job: the row that all others refer to. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM users WHERE id = $1 AND erased_at IS NOT NULL', [userId]);
  }
}
