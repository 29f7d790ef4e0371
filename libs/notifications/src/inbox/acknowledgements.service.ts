import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database, PubSub, type Tx } from '@adiuva/platform';
import { NOTIFICATION_CHANGED } from '../notification';
import { ChainLimits } from './chain-limits.service';

const OWNED = 'SELECT id, clock_timestamp() AS now FROM notifications WHERE id = $1 AND user_id = $2 FOR NO KEY UPDATE';

/** Answers of the user, by any channel. Each ends the chain in the transaction that stores it. */
@Injectable()
export class Acknowledgements {
  constructor(
    private readonly database: Database,
    private readonly pubSub: PubSub,
    private readonly limits: ChainLimits,
  ) {}

  /** Repeatable. Throws `not_found`. */
  acknowledge(userId: string, id: string): Promise<void> {
    return this.database.transaction((tx) => this.acknowledgeIn(tx, userId, id));
  }

  /** By the bearer of a signed link. Throws `not_found`. */
  acknowledgeLinked(id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ user_id: string }[]>('SELECT user_id FROM notifications WHERE id = $1', [id]);
      if (!row) throw new Problem('not_found');
      await this.acknowledgeIn(tx, row.user_id, id);
    });
  }

  /** Throws `not_found`, `rate_limited`, `conflict` for one that is acknowledged. */
  async snooze(userId: string, id: string, minutes: number): Promise<void> {
    await this.limits.consume(userId);
    return this.database.transaction((tx) => this.snoozeIn(tx, userId, id, minutes));
  }

  async acknowledgeIn(tx: Tx, userId: string, id: string): Promise<void> {
    await this.lock(tx, userId, id);
    await this.close(tx, userId, id, 'acknowledged', null);
  }

  async snoozeIn(tx: Tx, userId: string, id: string, minutes: number): Promise<void> {
    const now = await this.lock(tx, userId, id);
    // A second snooze replaces the first.
    await tx.query(`UPDATE notifications SET status = 'escalating' WHERE id = $1 AND status = 'snoozed'`, [id]);
    if (!(await this.close(tx, userId, id, 'snoozed', new Date(now.getTime() + minutes * 60_000))))
      throw new Problem('conflict', { detail: 'This notification is acknowledged' });
  }

  private async close(
    tx: Tx,
    userId: string,
    id: string,
    status: 'acknowledged' | 'snoozed',
    until: Date | null,
  ): Promise<boolean> {
    const [row] = await tx.query<{ done: boolean }[]>('SELECT notifications_close($1, $2, $3) AS done', [
      id,
      status,
      until,
    ]);
    if (row?.done)
      await this.pubSub.publishInTransaction(tx, NOTIFICATION_CHANGED, {
        user_id: userId,
        notification_id: id,
        status,
      });
    return row?.done ?? false;
  }

  private async lock(tx: Tx, userId: string, id: string): Promise<Date> {
    const [row] = await tx.query<{ now: Date }[]>(OWNED, [id, userId]);
    if (!row) throw new Problem('not_found');
    return row.now;
  }
}
