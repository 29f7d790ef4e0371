import { Injectable } from '@nestjs/common';
import type { Tx } from '@adiuva/platform';

/** Deletes channels, preferences and notifications. */
@Injectable()
export class NotificationsErasure {
  async erase(tx: Tx, userId: string): Promise<void> {
    // The notifications first: the lock order of all transitions.
    await tx.query('SELECT 1 FROM notifications WHERE user_id = $1 ORDER BY id FOR UPDATE', [userId]);
    await tx.query('SELECT graphile_worker.remove_job($1)', [`email-verified:${userId}`]);
    for (const table of ['notifications', 'notification_replies', 'notification_channels', 'notification_preferences'])
      await tx.query(`DELETE FROM ${table} WHERE user_id = $1`, [userId]);
  }
}
