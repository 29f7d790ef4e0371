import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database, Log, type Tx } from '@adiuva/platform';
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

/** What becomes of a notification that is due: its steps, or a later time. */
type Chain = { readonly id: string; readonly round: number } & (
  | { readonly steps: readonly { index: number; channel: string; kind: ChannelKind; due: Date }[] }
  | { readonly deliver_at: Date }
);

const MAX_BATCH = 16;
/** Of one digest; the rest is in the next one. */
const MAX_MEMBERS = 1_000;
/** Of one whose start fails. */
const RETRY_MS = 60_000;

/** Of accounts that are not disabled. */
const DUE = `SELECT n.*, clock_timestamp() AS now, to_jsonb(p) AS preferences,
    (SELECT json_agg(json_build_object('id', c.id, 'kind', c.kind) ORDER BY c.created_at, c.id)
     FROM notification_channels c WHERE c.user_id = n.user_id AND c.status = 'active') AS channels
  FROM notifications n LEFT JOIN notification_preferences p ON p.user_id = n.user_id
  WHERE n.status IN ('scheduled', 'snoozed') AND NOT n.held AND n.deliver_at <= statement_timestamp() AND NOT account_disabled(n.user_id)`;
const DUE_BATCH = `${DUE} ORDER BY n.deliver_at LIMIT ${MAX_BATCH} FOR NO KEY UPDATE OF n SKIP LOCKED`;
const DUE_ONE = `${DUE} AND n.id = $1`;
const START = 'SELECT notifications_start_chains($1)';
const DIGEST_MEMBERS = `SELECT id, title, body FROM notifications
  WHERE user_id = $1 AND digest AND status = 'scheduled' AND deliver_at <= clock_timestamp() ORDER BY id LIMIT ${MAX_MEMBERS} FOR NO KEY UPDATE`;
const POSTPONE_MEMBERS = `UPDATE notifications SET deliver_at = clock_timestamp() + make_interval(secs => $2 / 1000.0)
  WHERE user_id = $1 AND digest AND status = 'scheduled' AND deliver_at <= clock_timestamp()`;
const END_MEMBERS = `UPDATE notifications SET status = 'delivered', digest = false WHERE id = ANY ($1::uuid[])`;
const INSERT_DIGEST = `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, title, body, deliver_at)
  VALUES ($1, $2, 'scheduled', 'low', 'digest', false, $3, $4, clock_timestamp())`;

/** Starts the chains of notifications whose time has come: at first, after quiet hours, or after a snooze. */
@Injectable()
export class EscalationStarter {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly preferences: NotificationPreferences,
    private readonly log: Log,
  ) {}

  /** A batch of what is due; the number of notifications in it. */
  async startDue(): Promise<number> {
    const { rows, digests } = await this.database.transaction(async (tx) => {
      const rows = await tx.query<DueRow[]>(DUE_BATCH);
      return { rows, digests: await this.startChains(tx, rows) };
    });
    for (const userId of digests) await this.startDigest(userId);
    return rows.length;
  }

  /** Changes nothing where the notification is not due or has been started. */
  async startIn(tx: Tx, id: string): Promise<void> {
    await this.startChains(tx, await tx.query<DueRow[]>(DUE_ONE, [id]));
  }

  /** Returns the users whose digest is due. */
  private async startChains(tx: Tx, rows: readonly DueRow[]): Promise<Set<string>> {
    const planned = rows.map((row) => ({ row, chain: this.planned(row) }));
    const isDigest = ({ row, chain }: (typeof planned)[number]): boolean => row.digest && 'steps' in chain;
    const chains = planned.filter((one) => !isDigest(one)).map(({ chain }) => chain);
    if (chains.length > 0) await tx.query(START, [JSON.stringify(chains)]);
    return new Set(planned.filter(isDigest).map(({ row }) => row.user_id));
  }

  /** One that cannot be planned does not hold up the others. */
  private planned(row: DueRow): Chain {
    try {
      return planChain(row);
    } catch (error) {
      this.log.warn('notification_start_failed', { error });
      return { id: row.id, round: row.round, deliver_at: new Date(row.now.getTime() + RETRY_MS) };
    }
  }

  private async startDigest(userId: string): Promise<void> {
    try {
      await this.database.transaction((tx) => this.joinDigest(tx, userId));
    } catch (error) {
      this.log.warn('notification_start_failed', { error });
      await this.database.query(POSTPONE_MEMBERS, [userId, RETRY_MS]);
    }
  }

  /** Joins what waits for the digest in one notification. */
  private async joinDigest(tx: Tx, userId: string): Promise<void> {
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

function planChain({ id, round, now, urgency, escalate, ...row }: DueRow): Chain {
  const { timezone, quietHours, policy } = toPreferences(row.preferences);
  const start = urgency === 'critical' ? now : afterQuietHours(quietHours, timezone, now);
  if (start > now) return { id, round, deliver_at: start };
  const steps = planSteps(row.policy ?? policy, row.channels ?? [], escalate);
  const due = (afterS: number) => new Date(now.getTime() + afterS * 1000);
  return {
    id,
    round,
    steps: steps.map(({ channelId, kind, afterS }, index) => ({ index, channel: channelId, kind, due: due(afterS) })),
  };
}
