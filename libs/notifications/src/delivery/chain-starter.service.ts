import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import { openContent, sealContent } from '../notification-columns';
import { planSteps, type ChannelKind } from '../notification';
import { NotificationPreferences } from '../preferences/preferences.service';
import { afterQuietHours } from '../preferences/quiet-hours';
import { digestText } from '../texts';
import type { NotificationRow } from './notification.entity';

type DueRow = NotificationRow & { readonly now: Date };

const LOCK = `SELECT *, clock_timestamp() AS now FROM notifications
  WHERE id = $1 AND status IN ('scheduled', 'snoozed') AND deliver_at <= clock_timestamp() FOR NO KEY UPDATE`;
const CHANNELS = `SELECT id, kind FROM notification_channels WHERE user_id = $1 AND status = 'active' ORDER BY created_at, id`;
const POSTPONE = `WITH moved AS (UPDATE notifications SET deliver_at = $2 WHERE id = $1)
  SELECT notifications_enqueue_start($1, $2)`;
const BEGIN_ROUND = `UPDATE notifications SET status = 'escalating', round = round + 1 WHERE id = $1`;
const INSERT_STEPS = `WITH made AS (
    INSERT INTO notification_steps (notification_id, position, round, user_id, channel_id, kind, status, due_at)
    SELECT $1, (SELECT count(*) FROM notification_steps WHERE notification_id = $1) + step.index, $2, $3, step.channel, step.kind, 'waiting', step.due
    FROM json_to_recordset($4) AS step (index integer, channel uuid, kind text, due timestamptz)
    RETURNING position, kind, due_at
  ) SELECT notifications_enqueue_step($1, position, kind, due_at) FROM made`;
const DIGEST_MEMBERS = `SELECT id, title, body FROM notifications
  WHERE user_id = $1 AND digest AND status = 'scheduled' AND deliver_at <= clock_timestamp() ORDER BY id FOR NO KEY UPDATE`;
const END_MEMBERS = `UPDATE notifications SET status = 'delivered', digest = false WHERE id = ANY ($1::uuid[])`;
const INSERT_DIGEST = `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, title, body, deliver_at)
  VALUES ($1, $2, 'scheduled', 'low', 'digest', false, $3, $4, clock_timestamp())`;

/** Starts the chain of a notification when its time has come: at first, after quiet hours, or after a snooze. */
@Injectable()
export class ChainStarter {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly preferences: NotificationPreferences,
  ) {}

  start(id: string): Promise<void> {
    return this.database.transaction((tx) => this.startIn(tx, id));
  }

  /** Changes nothing where the notification is not due or has been started. */
  async startIn(tx: Tx, id: string): Promise<void> {
    const [row] = await tx.query<DueRow[]>(LOCK, [id]);
    if (!row) return;
    const { timezone, quietHours, policy } = await this.preferences.read(tx, row.user_id);
    const start = row.urgency === 'critical' ? row.now : afterQuietHours(quietHours, timezone, row.now);
    if (start > row.now) return void (await tx.query(POSTPONE, [id, start]));
    if (row.digest) return this.startDigest(tx, row.user_id);
    const channels = await tx.query<{ id: string; kind: ChannelKind }[]>(CHANNELS, [row.user_id]);
    const steps = planSteps(row.policy ?? policy, channels, row.escalate).map(({ channelId, kind, afterS }, index) => ({
      index,
      channel: channelId,
      kind,
      due: new Date(row.now.getTime() + afterS * 1000),
    }));
    await tx.query(BEGIN_ROUND, [id]);
    await tx.query(INSERT_STEPS, [id, row.round + 1, row.user_id, JSON.stringify(steps)]);
    if (steps.length === 0) await tx.query('SELECT notifications_settle($1)', [id]);
  }

  /** Joins what waits for the digest in one notification. */
  private async startDigest(tx: Tx, userId: string): Promise<void> {
    const members = await tx.query<NotificationRow[]>(DIGEST_MEMBERS, [userId]);
    if (members.length === 0) return;
    const cipher = await this.encryption.openIn(tx, userId);
    const { language } = await this.preferences.read(tx, userId);
    const titles = members.flatMap((member) => openContent(cipher, member).title ?? []);
    const id = newId();
    const content = sealContent(cipher, id, digestText(language, members.length, titles));
    await tx.query(END_MEMBERS, [members.map((member) => member.id)]);
    await tx.query(INSERT_DIGEST, [id, userId, ...content]);
    await this.startIn(tx, id);
  }
}
