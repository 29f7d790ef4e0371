import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, PubSub, returnedRows, type Tx } from '@adiuva/platform';
import { ENTITLEMENT_CHANGED, type Entitlement } from './entitlements.service';

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
    await tx.query('INSERT INTO team_seats (user_id, owner_id) VALUES ($1, $2)', [userId, ownerId]);
    await this.publishChange(tx, userId);
  }

  async free(tx: Tx, userId: string): Promise<void> {
    await tx.query('DELETE FROM team_seats WHERE user_id = $1', [userId]);
    await this.publishChange(tx, userId);
  }

  async freeAll(tx: Tx, ownerId: string): Promise<void> {
    const freed = await returnedRows<{ user_id: string }>(
      tx,
      'DELETE FROM team_seats WHERE owner_id = $1 RETURNING user_id',
      [ownerId],
    );
    for (const { user_id } of freed) await this.publishChange(tx, user_id);
  }

  private publishChange(tx: Tx, userId: string): Promise<void> {
    return this.pubSub.publishInTransaction(tx, ENTITLEMENT_CHANGED, { user_id: userId });
  }
}
