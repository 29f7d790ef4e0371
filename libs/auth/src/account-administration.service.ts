import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Audit } from '@adiuva/audit';
import { Database, returnedRows, type Tx } from '@adiuva/platform';
import { AuthErasure } from './auth.erasure';
import { lockUser } from './live-user.store';
import { AccountMails } from './mail-links/account-mails.service';
import { AccountTokens } from './mail-links/account-tokens.store';
import { Sessions } from './sessions.service';

/** What an operator does to the access of an account, each in the audit log as done by the server. Nothing of it gives access to data. */
@Injectable()
export class AccountAdministration {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly tokens: AccountTokens,
    private readonly mails: AccountMails,
    private readonly erasure: AuthErasure,
    private readonly audit: Audit,
  ) {}

  /** The former password opens the account no more and all sessions end. Returns the link that sets another password, once. */
  resetPassword(userId: string): Promise<string> {
    return this.change(userId, async (tx) => {
      await tx.query('UPDATE users SET password_hash = NULL WHERE id = $1', [userId]);
      await this.sessions.revokeAll(tx, userId, 'password.reset', null);
      return this.mails.linkOf('reset_password', await this.tokens.issue(tx, userId, 'reset_password'));
    });
  }

  /** The account is opened by its password alone until the user enables a second factor again. @throws `not_found` where there is none */
  resetSecondFactor(userId: string): Promise<void> {
    return this.change(userId, async (tx) => {
      const [deleted] = await tx.query<[unknown[], number]>(
        'DELETE FROM totp_secrets WHERE user_id = $1 RETURNING user_id',
        [userId],
      );
      if (deleted.length === 0) throw new Problem('not_found', { detail: 'This account has no second factor' });
      await tx.query('DELETE FROM totp_recovery_codes WHERE user_id = $1', [userId]);
      await this.audit.record(tx, { action: 'totp.disabled', userId, actorId: null });
    });
  }

  /** All passkeys are deleted and all sessions end. Returns how many there were. @throws `not_found` where there is none */
  async resetPasskeys(userId: string): Promise<number> {
    let count = 0;
    await this.change(userId, async (tx) => {
      const deleted = await returnedRows<{ id: string }>(tx, 'DELETE FROM passkeys WHERE user_id = $1 RETURNING id', [
        userId,
      ]);
      if (deleted.length === 0) throw new Problem('not_found', { detail: 'This account has no passkey' });
      for (const { id } of deleted)
        await this.audit.record(tx, { action: 'passkey.deleted', userId, actorId: null, details: { passkey_id: id } });
      await this.sessions.revokeAll(tx, userId, 'sessions.ended', null);
      count = deleted.length;
    });
    return count;
  }

  endSessions(userId: string): Promise<void> {
    return this.change(userId, (tx) => this.sessions.revokeAll(tx, userId, 'sessions.ended', null));
  }

  /** Wrong passwords and codes that were counted against the account count no more, on every node. Those of a network address stay. */
  unlock(userId: string): Promise<void> {
    return this.change(userId, async (tx) => {
      await tx.query('UPDATE users SET unlocks = unlocks + 1 WHERE id = $1', [userId]);
      await this.audit.record(tx, { action: 'account.unlocked', userId, actorId: null });
    });
  }

  /** As the user may do it: the data key is destroyed with the transaction, and a job erases the rest. */
  erase(userId: string): Promise<void> {
    return this.change(userId, (tx) => this.erasure.begin(tx, userId, null));
  }

  /** That an operator has looked an account up. */
  recordView(userId: string): Promise<void> {
    return this.change(userId, (tx) => this.audit.record(tx, { action: 'account.viewed', userId, actorId: null }));
  }

  private change<T>(userId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(async (tx) => {
      await lockUser(tx, userId, 'UPDATE');
      return work(tx);
    });
  }
}
