import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import { openContent, sealContent } from '../notification-encryption';
import { planSteps, type ChannelKind } from '../notification';
import type { NotificationPreferencesRow } from '../preferences/preferences.entity';
import { NotificationPreferences, toPreferences } from '../preferences/preferences.service';
import { afterQuietHours } from '../preferences/quiet-hours';
import { digestText } from '../texts';
import type { NotificationRow } from './notification.entity';

type DueRow = NotificationRow & {
  readonly now: Date;
  readonly preferences: NotificationPreferencesRow | null;
  readonly channels: { readonly id: string; readonly kind: ChannelKind }[] | null;
};

/** In a transaction, or alone. */
type Query = <R>(sql: string, values: readonly unknown[]) => Promise<R[]>;

/** Of an account that is not disabled. One round trip to read and one to write: many chains may be due in one moment. */
const DUE = `SELECT n.*, clock_timestamp() AS now, to_jsonb(p) AS preferences,
    (SELECT json_agg(json_build_object('id', c.id, 'kind', c.kind) ORDER BY c.created_at, c.id)
     FROM notification_channels c WHERE c.user_id = n.user_id AND c.status = 'active') AS channels
  FROM notifications n LEFT JOIN notification_preferences p ON p.user_id = n.user_id
  WHERE n.id = $1 AND n.status IN ('scheduled', 'snoozed') AND n.deliver_at <= clock_timestamp() AND NOT account_disabled(n.user_id)`;
const POSTPONE = `WITH moved AS (UPDATE notifications SET deliver_at = $2 WHERE id = $1 AND round = $3 AND status IN ('scheduled', 'snoozed') RETURNING id)
  SELECT notifications_enqueue_start(id, $2) FROM moved`;
const START = 'SELECT notifications_start_chain($1, $2, $3)';
const DIGEST_MEMBERS = `SELECT id, title, body FROM notifications
  WHERE user_id = $1 AND digest AND status = 'scheduled' AND deliver_at <= clock_timestamp() ORDER BY id FOR NO KEY UPDATE`;
const END_MEMBERS = `UPDATE notifications SET status = 'delivered', digest = false WHERE id = ANY ($1::uuid[])`;
const INSERT_DIGEST = `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, title, body, deliver_at)
  VALUES ($1, $2, 'scheduled', 'low', 'digest', false, $3, $4, clock_timestamp())`;

/** Starts the chain of a notification when its time has come: at first, after quiet hours, or after a snooze. */
@Injectable()
export class EscalationStarter {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly preferences: NotificationPreferences,
  ) {}

  start(id: string): Promise<void> {
    return this.begin((sql, values) => this.database.query(sql, values), id);
  }

  /** Changes nothing where the notification is not due or has been started. */
  startIn(tx: Tx, id: string): Promise<void> {
    return this.begin((sql, values) => tx.query(sql, [...values]), id);
  }

  private async begin(query: Query, id: string): Promise<void> {
    const [row] = await query<DueRow>(DUE, [id]);
    if (!row) return;
    const { now, round, urgency } = row;
    const { timezone, quietHours, policy } = toPreferences(row.preferences);
    const start = urgency === 'critical' ? now : afterQuietHours(quietHours, timezone, now);
    if (start > now) return void (await query(POSTPONE, [id, start, round]));
    if (row.digest) return this.database.transaction((tx) => this.startDigest(tx, row.user_id));
    const planned = planSteps(row.policy ?? policy, row.channels ?? [], row.escalate);
    const steps = planned.map(({ channelId, kind, afterS }, index) => ({
      index,
      channel: channelId,
      kind,
      due: new Date(now.getTime() + afterS * 1000),
    }));
    await query(START, [id, round, JSON.stringify(steps)]);
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
