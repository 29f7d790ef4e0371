import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { Database, PubSub, type Tx } from '@adiuva/platform';
import type { SignInMethod } from './sign-in-limits.service';

/** The event that a session is over. */
export const SESSION_REVOKED = 'session.revoked';

/** What ends several sessions; an event of the audit log itself. */
export type RevocationCause =
  | 'password.changed'
  | 'password.reset'
  | 'password.recovered'
  | 'account.erased'
  | 'account.disabled'
  | 'sso.enforced'
  | 'sessions.ended';

/** Tells the audit log and the other nodes what happens to sessions. */
@Injectable()
export class SessionEvents {
  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly pubSub: PubSub,
  ) {}

  async started(tx: Tx, userId: string, sessionId: string, ssoTeamId: string | null): Promise<void> {
    await this.audit.record(tx, {
      action: 'session.started',
      userId,
      actorId: userId,
      details: { session_id: sessionId, ...(ssoTeamId === null ? {} : { sso_team_id: ssoTeamId }) },
    });
  }

  async ended(tx: Tx, userId: string, sessionId: string): Promise<void> {
    await this.audit.record(tx, {
      action: 'session.ended',
      userId,
      actorId: userId,
      details: { session_id: sessionId },
    });
    await this.pubSub.publishInTransaction(tx, SESSION_REVOKED, { user_id: userId, session_id: sessionId });
  }

  /** A spent refresh token was used again. */
  async reused(tx: Tx, userId: string, sessionId: string): Promise<void> {
    await this.audit.record(tx, {
      action: 'session.reused',
      userId,
      actorId: null,
      details: { session_id: sessionId },
    });
  }

  /** For the job. The user may not exist. */
  async failed(userId: string, method: SignInMethod): Promise<void> {
    await this.database.transaction(async (tx) => {
      const alive = await tx.query<unknown[]>('SELECT 1 FROM users WHERE id = $1 AND erased_at IS NULL FOR SHARE', [
        userId,
      ]);
      if (alive.length === 0) return;
      await this.audit.record(tx, { action: 'sign_in.failed', userId, actorId: null, details: { method } });
    });
  }

  async caused(tx: Tx, userId: string, action: RevocationCause, actorId: string | null = userId): Promise<void> {
    await this.audit.record(tx, { action, userId, actorId });
  }
}
