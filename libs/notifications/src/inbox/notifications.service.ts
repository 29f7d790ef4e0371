import { Injectable } from '@nestjs/common';
import { newId, Problem } from '@adiuva/kernel';
import { lockUser, UserEncryption, type UserCipher } from '@adiuva/auth';
import { Database, PubSub, ServerKeys, type Tx } from '@adiuva/platform';
import type { NotificationRow, NotificationStepRow } from '../delivery/notification.entity';
import { EscalationStarter } from '../delivery/escalation-starter.service';
import { sealContent, toNotification } from '../notification-encryption';
import {
  NOTIFICATION_CHANGED,
  type NewNotification,
  type Notification,
  type NotificationStatus,
} from '../notification';
import { nextDigest } from '../preferences/digest-slot';
import { NotificationPreferences } from '../preferences/preferences.service';
import { ChainLimits } from './chain-limits.service';

export interface AcceptedNotification {
  readonly id: string;
  readonly status: NotificationStatus;
}

export interface NotificationFilter {
  readonly status?: NotificationStatus | undefined;
  /** The id of the last one of the page before. */
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Taken by creations under one key, so that two of them do not both find none. */
const LOCK_KEY = 'SELECT pg_advisory_xact_lock(7715, hashtext($1))';
const SAME = `SELECT id, status FROM notifications WHERE user_id = $1 AND dedupe_hash = $2 AND created_at > now() - interval '24 hours' ORDER BY id LIMIT 1`;
const INSERT = `INSERT INTO notifications (id, user_id, status, urgency, source, escalate, policy, title, body, dedupe_hash, deliver_at, expires_at, digest)
  VALUES ($1, $2, 'scheduled', $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12)`;
const LIST = `SELECT * FROM notifications WHERE user_id = $1 AND ($2::text IS NULL OR status = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`;
/** Of one that was snoozed again and again, the last ones. */
const MAX_STEPS = 200;
const STEPS = `SELECT s.* FROM unnest($2::uuid[]) AS n (id) CROSS JOIN LATERAL (
    SELECT * FROM notification_steps WHERE notification_id = n.id AND user_id = $1 ORDER BY position DESC LIMIT ${MAX_STEPS}
  ) s ORDER BY s.notification_id, s.position`;

/** What notifications are made by, beside their table. */
@Injectable()
export class InboxParts {
  constructor(
    readonly preferences: NotificationPreferences,
    readonly limits: ChainLimits,
  ) {}
}

/** The notifications of a user. Those of another user do not exist. */
@Injectable()
export class Notifications {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly keys: ServerKeys,
    private readonly parts: InboxParts,
    private readonly escalations: EscalationStarter,
    private readonly pubSub: PubSub,
  ) {}

  /** Throws `rate_limited` where a request makes it. */
  async create(userId: string, notification: NewNotification): Promise<AcceptedNotification> {
    if (notification.source === 'api') await this.parts.limits.consume(userId);
    const cipher = await this.encryption.open(userId);
    return this.database.transaction(async (tx) => {
      await lockUser(tx, userId);
      return this.createIn(tx, userId, cipher, notification);
    });
  }

  /** In a transaction that has locked the live user. The same `dedupeKey` within 24 hours gives the first one. */
  async createIn(
    tx: Tx,
    userId: string,
    cipher: UserCipher,
    notification: NewNotification,
  ): Promise<AcceptedNotification> {
    const { urgency, source, policy, dedupeKey, expiresAt } = notification;
    const dedupe = dedupeKey === undefined ? null : this.keys.hmac('notifications', `dedupe|${userId}|${dedupeKey}`);
    if (dedupe) {
      await tx.query(LOCK_KEY, [dedupe.toString('hex')]);
      const [same] = await tx.query<AcceptedNotification[]>(SAME, [userId, dedupe]);
      if (same) return same;
    }
    const { id = newId() } = notification;
    const content = sealContent(cipher, id, { title: notification.title ?? null, body: notification.body ?? null });
    const { deliverAt, digest } = await this.timeOf(tx, userId, notification);
    const escalate = notification.escalate ?? urgency === 'critical';
    const policyJson = policy === undefined ? null : JSON.stringify(policy);
    const sealed = [policyJson, ...content, dedupe, deliverAt, expiresAt ?? null, digest];
    await tx.query(INSERT, [id, userId, urgency, source, escalate, ...sealed]);
    await this.escalations.startIn(tx, id);
    const [row] = await tx.query<AcceptedNotification[]>('SELECT id, status FROM notifications WHERE id = $1', [id]);
    const made = row ?? { id, status: 'scheduled' };
    await this.pubSub.publishInTransaction(tx, NOTIFICATION_CHANGED, {
      user_id: userId,
      notification_id: id,
      status: made.status,
    });
    return made;
  }

  /** Newest first; `next` is the cursor of the page after, null at the end. */
  async list(userId: string, filter: NotificationFilter): Promise<{ items: Notification[]; next: string | null }> {
    const rows = await this.database.query<NotificationRow>(LIST, [
      userId,
      filter.status ?? null,
      filter.cursor ?? null,
      filter.limit + 1,
    ]);
    const page = rows.slice(0, filter.limit);
    return {
      items: await this.withSteps(userId, page),
      next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** Throws `not_found`. */
  async get(userId: string, id: string): Promise<Notification> {
    const rows = await this.database.query<NotificationRow>(
      'SELECT * FROM notifications WHERE id = $1 AND user_id = $2',
      [id, userId],
    );
    const [notification] = await this.withSteps(userId, rows);
    if (!notification) throw new Problem('not_found');
    return notification;
  }

  /** When its chain starts: what is low may wait for the digest. Times are of the database's clock. */
  private async timeOf(tx: Tx, userId: string, { urgency, deliverAt }: NewNotification) {
    const [row] = await tx.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    const now = row?.now ?? new Date();
    const wanted = deliverAt && deliverAt > now ? deliverAt : now;
    const { digest, timezone } = await this.parts.preferences.read(tx, userId);
    if (urgency !== 'low' || digest === 'off') return { deliverAt: wanted, digest: false };
    return { deliverAt: nextDigest(digest, timezone, wanted), digest: true };
  }

  private async withSteps(userId: string, rows: readonly NotificationRow[]): Promise<Notification[]> {
    if (rows.length === 0) return [];
    const cipher = await this.encryption.open(userId);
    const steps = await this.database.query<NotificationStepRow>(STEPS, [userId, rows.map(({ id }) => id)]);
    const byId = new Map<string, NotificationStepRow[]>(rows.map(({ id }) => [id, []]));
    for (const step of steps) byId.get(step.notification_id)?.push(step);
    return rows.map((row) => toNotification(cipher, row, byId.get(row.id) ?? []));
  }
}
