import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { PubSub, type Tx } from '@adiuva/platform';

/** The event that a session is over. */
export const SESSION_REVOKED = 'session.revoked';

/** What ends several sessions; an event of the audit log itself. */
export type RevocationCause =
  'password.changed' | 'password.reset' | 'password.recovered' | 'account.erased' | 'account.disabled';

/** Tells the audit log and the other nodes what happens to sessions. */
@Injectable()
export class SessionEvents {
  constructor(
    private readonly audit: Audit,
    private readonly pubSub: PubSub,
  ) {}

  async started(tx: Tx, userId: string, sessionId: string): Promise<void> {
    await this.audit.record(tx, {
      action: 'session.started',
      userId,
      actorId: userId,
      details: { session_id: sessionId },
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

  async caused(tx: Tx, userId: string, action: RevocationCause, actorId = userId): Promise<void> {
    await this.audit.record(tx, { action, userId, actorId });
  }
}
