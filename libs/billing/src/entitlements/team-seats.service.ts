import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { Problem } from '@adiuva/kernel';
import { Database, PubSub, type Tx } from '@adiuva/platform';
import { ENTITLEMENT_CHANGED, FREE, READ_ENTITLEMENT, type Entitlement } from './entitlements.service';

const SEATS_IN_FORCE = `
  SELECT s.user_id FROM entitlements e JOIN team_seats s ON s.owner_id = e.user_id
  WHERE e.user_id = $1 AND e.tier = 'team'
    AND e.seats > (SELECT count(*) FROM team_seats o WHERE o.owner_id = s.owner_id AND (o.taken_at, o.user_id) < (s.taken_at, s.user_id))`;

/** The seats of team subscriptions. The paying user has the tier by the subscription itself and needs none. */
@Injectable()
export class TeamSeats {
  constructor(
    private readonly database: Database,
    private readonly pubSub: PubSub,
    private readonly audit: Audit,
  ) {}

  /** What the user pays for, without a seat in the team of another. */
  async subscribed(ownerId: string): Promise<Entitlement | undefined> {
    const [row] = await this.database.query<Entitlement>('SELECT tier, seats FROM entitlements WHERE user_id = $1', [
      ownerId,
    ]);
    return row;
  }

  /** Who has a seat that is paid for now. */
  async holders(ownerId: string): Promise<ReadonlySet<string>> {
    const rows = await this.database.query<{ user_id: string }>(SEATS_IN_FORCE, [ownerId]);
    return new Set(rows.map((row) => row.user_id));
  }

  /** Under the lock of the subscription, so that concurrent callers cannot take the same seat. @throws `no_seat` */
  async take(tx: Tx, ownerId: string, userId: string): Promise<void> {
    const [paid] = await tx.query<Entitlement[]>(
      'SELECT tier, seats FROM entitlements WHERE user_id = $1 FOR NO KEY UPDATE',
      [ownerId],
    );
    const [row] = await tx.query<{ taken: string }[]>('SELECT count(*) AS taken FROM team_seats WHERE owner_id = $1', [
      ownerId,
    ]);
    if (paid?.tier !== 'team' || Number(row?.taken) >= paid.seats) throw new Problem('no_seat');
    await this.recordChange(tx, userId, userId, () =>
      tx.query('INSERT INTO team_seats (user_id, owner_id) VALUES ($1, $2)', [userId, ownerId]),
    );
  }

  /** `actorId` is who frees it; null for the server. */
  async free(tx: Tx, userId: string, actorId: string | null): Promise<void> {
    await this.recordChange(tx, userId, actorId, () => tx.query('DELETE FROM team_seats WHERE user_id = $1', [userId]));
  }

  async freeAll(tx: Tx, ownerId: string, actorId: string | null): Promise<void> {
    const held = await tx.query<{ user_id: string }[]>('SELECT user_id FROM team_seats WHERE owner_id = $1', [ownerId]);
    for (const { user_id: userId } of held) await this.free(tx, userId, actorId);
  }

  /** The seats that the user pays for, and the user's own, of which the audit log keeps nothing. */
  async erase(tx: Tx, userId: string): Promise<void> {
    await this.freeAll(tx, userId, null);
    await tx.query('DELETE FROM team_seats WHERE user_id = $1', [userId]);
    await this.publishChange(tx, userId);
  }

  /** A seat that is not paid for, or that equals what the user pays for, changes no tier. */
  private async recordChange(
    tx: Tx,
    userId: string,
    actorId: string | null,
    change: () => Promise<unknown>,
  ): Promise<void> {
    const before = await entitlementIn(tx, userId);
    await change();
    const after = await entitlementIn(tx, userId);
    await this.publishChange(tx, userId);
    if (before.tier === after.tier && before.seats === after.seats) return;
    const { tier, seats } = after;
    await this.audit.record(tx, { action: 'tier.changed', userId, actorId, details: { tier, seats, cause: 'seat' } });
  }

  private publishChange(tx: Tx, userId: string): Promise<void> {
    return this.pubSub.publishInTransaction(tx, ENTITLEMENT_CHANGED, { user_id: userId });
  }
}

async function entitlementIn(tx: Tx, userId: string): Promise<Entitlement> {
  const [row] = await tx.query<Entitlement[]>(READ_ENTITLEMENT, [userId]);
  return row ?? FREE;
}
