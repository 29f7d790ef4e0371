import { Injectable } from '@nestjs/common';
import { Problem, type Role } from '@adiuva/kernel';
import { Database, PubSub, ReadThroughCache } from '@adiuva/platform';
import { SESSION_REVOKED } from './session-events.service';

/** Who holds a session, as the database has it; the caller adds the tier. */
export interface SessionUser {
  readonly userId: string;
  readonly sessionId: string;
  readonly role: Role;
}

const CACHED_MS = 3_000;
const MAX_CACHED = 50_000;

/** Answers on each request whether a session lives. Cached for 3 s; the entry is deleted when the session is revoked. */
@Injectable()
export class SessionLookup {
  private readonly cache = new ReadThroughCache<SessionUser>({
    maxEntries: MAX_CACHED,
    ttlMs: CACHED_MS,
    read: (sessionId) => this.read(sessionId),
  });

  constructor(
    private readonly database: Database,
    pubSub: PubSub,
  ) {
    pubSub.subscribe(SESSION_REVOKED, ({ session_id }) => this.cache.delete(String(session_id)));
    pubSub.onReconnect(() => this.cache.clear());
  }

  /** Throws `unauthenticated` when the session is over, or not this user's. */
  async of(userId: string, sessionId: string): Promise<SessionUser> {
    const user = await this.cache.get(sessionId);
    if (user.userId !== userId) throw sessionOver();
    return user;
  }

  private async read(sessionId: string): Promise<SessionUser> {
    const [row] = await this.database.prepared<{ user_id: string; role: Role }>(
      `SELECT s.user_id, u.role FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1 AND s.revoked_at IS NULL AND s.ends_at > now() AND u.erased_at IS NULL AND u.disabled_at IS NULL`,
      [sessionId],
    );
    if (!row) throw sessionOver();
    return { userId: row.user_id, sessionId, role: row.role };
  }
}

function sessionOver(): Problem {
  return new Problem('unauthenticated', { detail: 'This session is over' });
}
