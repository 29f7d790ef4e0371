import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { newId, type Tier } from '@adiuva/kernel';
import { Database, PubSub, ReadThroughCache, type Tx } from '@adiuva/platform';

/** The tier that is in force for a user now, and how many seats it counts for. */
export interface Entitlement {
  readonly tier: Tier;
  readonly seats: number;
}

/** Published when a user's tier or seats have changed. */
export const ENTITLEMENT_CHANGED = 'entitlement.changed';

export const FREE: Entitlement = { tier: 'free', seats: 1 };
const CACHED_MS = 3_000;
const MAX_CACHED = 50_000;

/** The user's own subscription, or a seat that the owner of a team pays for now: with fewer seats than members the first ones have theirs. */
export const READ_ENTITLEMENT = `
  SELECT CASE WHEN s.user_id IS NULL THEN COALESCE(e.tier, 'free') ELSE 'team' END AS tier,
    CASE WHEN e.tier = 'team' OR s.user_id IS NULL THEN COALESCE(e.seats, 1) ELSE 1 END AS seats
  FROM (SELECT $1::uuid AS user_id) u LEFT JOIN entitlements e ON e.user_id = u.user_id
  LEFT JOIN (team_seats s JOIN entitlements o ON o.user_id = s.owner_id AND o.tier = 'team') ON s.user_id = u.user_id
    AND o.seats > (SELECT count(*) FROM team_seats b WHERE b.owner_id = s.owner_id AND (b.taken_at, b.user_id) < (s.taken_at, s.user_id))`;

/** $1 user, $2 tier, $3 seats, $4 cause, $5 a fresh id. A row comes back where something has changed, which is then also in the audit log. */
const SET = `
  WITH before AS (
    SELECT tier, seats FROM entitlements WHERE user_id = $1
  ), after AS (
    INSERT INTO entitlements AS known (user_id, tier, seats) VALUES ($1, $2, $3)
    ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier, seats = excluded.seats, updated_at = now()
      WHERE (known.tier, known.seats) IS DISTINCT FROM (excluded.tier, excluded.seats)
    RETURNING tier, seats
  )
  INSERT INTO tier_changes (id, user_id, from_tier, from_seats, to_tier, to_seats, cause)
  SELECT $5, $1, COALESCE(before.tier, 'free'), COALESCE(before.seats, 1), after.tier, after.seats, $4
  FROM after LEFT JOIN before ON true
  WHERE (COALESCE(before.tier, 'free'), COALESCE(before.seats, 1)) IS DISTINCT FROM (after.tier, after.seats)
  RETURNING user_id`;

/** Tiers as the database has them. Cached for 3 s, and evicted on every node when one changes. */
@Injectable()
export class Entitlements {
  private readonly cache = new ReadThroughCache<Entitlement>({
    maxEntries: MAX_CACHED,
    ttlMs: CACHED_MS,
    read: async (userId) => (await this.database.prepared<Entitlement>(READ_ENTITLEMENT, [userId]))[0] ?? FREE,
  });

  constructor(
    private readonly database: Database,
    private readonly pubSub: PubSub,
    private readonly audit: Audit,
  ) {
    pubSub.subscribe(ENTITLEMENT_CHANGED, ({ user_id }) => this.cache.delete(String(user_id)));
    pubSub.onReconnect(() => this.cache.clear());
  }

  of(userId: string): Promise<Entitlement> {
    return this.cache.get(userId);
  }

  /** Writes the change and the audit log of it; the same entitlement again is no change. `cause` is an event's id or a cause of our own. */
  async set(
    tx: Tx,
    userId: string,
    { tier, seats }: Entitlement,
    cause = 'by hand',
    actorId: string | null = null,
  ): Promise<void> {
    const changed = await tx.query<unknown[]>(SET, [userId, tier, seats, cause, newId()]);
    if (changed.length === 0) return;
    await this.audit.record(tx, { action: 'tier.changed', userId, actorId, details: { tier, seats, cause } });
    const holders = await tx.query<{ user_id: string }[]>('SELECT user_id FROM team_seats WHERE owner_id = $1', [
      userId,
    ]);
    for (const { user_id } of [{ user_id: userId }, ...holders])
      await this.pubSub.publishInTransaction(tx, ENTITLEMENT_CHANGED, { user_id });
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM entitlements WHERE user_id = $1', [userId]);
    await this.pubSub.publishInTransaction(tx, ENTITLEMENT_CHANGED, { user_id: userId });
  }
}
