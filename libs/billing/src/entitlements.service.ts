import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Tier } from '@adiuva/kernel';
import { Database, Signals, type Tx } from '@adiuva/platform';

/** The tier that is in force for a user now, and how many seats it counts for. */
export interface Entitlement {
  readonly tier: Tier;
  readonly seats: number;
}

/** The news that a user's tier or seats have changed. */
export const ENTITLEMENT_CHANGED = 'entitlement.changed';

const FREE: Entitlement = { tier: 'free', seats: 1 };
const CACHED_MS = 3_000;
const MOST_CACHED = 50_000;

/** Tiers as the database has them. Remembered for 3 s, and forgotten at once on every node when one changes. */
@Injectable()
export class Entitlements {
  private readonly cache = new LRUCache<string, Entitlement>({ max: MOST_CACHED, ttl: CACHED_MS });

  constructor(
    private readonly database: Database,
    private readonly signals: Signals,
  ) {
    signals.on(ENTITLEMENT_CHANGED, ({ user_id }) => this.cache.delete(String(user_id)));
    signals.onGap(() => this.cache.clear());
  }

  async of(userId: string): Promise<Entitlement> {
    const known = this.cache.get(userId);
    if (known) return known;
    const [row] = await this.database.rows<Entitlement>('SELECT tier, seats FROM entitlements WHERE user_id = $1', [
      userId,
    ]);
    const entitlement = row ?? FREE;
    this.cache.set(userId, entitlement);
    return entitlement;
  }

  async set(tx: Tx, userId: string, entitlement: Entitlement): Promise<void> {
    await tx.query(
      `INSERT INTO entitlements (user_id, tier, seats) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO UPDATE SET tier = excluded.tier, seats = excluded.seats, updated_at = now()`,
      [userId, entitlement.tier, entitlement.seats],
    );
    await this.signals.emit(tx, ENTITLEMENT_CHANGED, { user_id: userId });
  }

  async erase(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM entitlements WHERE user_id = $1', [userId]);
  }
}
