import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Problem, type Role } from '@adiuva/kernel';
import { Database, PubSub } from '@adiuva/platform';
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
  private readonly cache = new LRUCache<string, SessionUser>({ max: MAX_CACHED, ttl: CACHED_MS });

  constructor(
    private readonly database: Database,
    pubSub: PubSub,
  ) {
    pubSub.subscribe(SESSION_REVOKED, ({ session_id }) => this.cache.delete(String(session_id)));
    pubSub.onReconnect(() => this.cache.clear());
  }

  /** Throws `unauthenticated` when the session is over, or not this user's. */
  async of(userId: string, sessionId: string): Promise<SessionUser> {
    const known = this.cache.get(sessionId);
    if (known?.userId === userId) return known;
    const [row] = await this.database.prepared<{ role: Role }>(
      `SELECT u.role FROM sessions s JOIN users u ON u.id = s.user_id
       WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.ends_at > now() AND u.erased_at IS NULL AND u.disabled_at IS NULL`,
      [sessionId, userId],
    );
    if (!row) throw new Problem('unauthenticated', { detail: 'This session is over' });
    const holder = { userId, sessionId, role: row.role };
    this.cache.set(sessionId, holder);
    return holder;
  }
}
