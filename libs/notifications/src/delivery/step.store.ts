import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';
import type { Urgency } from '../notification';
import type { NotificationPreferencesRow } from '../preferences/preferences.entity';
import type { NotificationStepRow } from './notification.entity';

export interface StepKey {
  readonly id: string;
  readonly position: number;
}

export type StepOutcome =
  | { readonly status: 'sent' | 'failed'; readonly providerId?: string | undefined; readonly code?: string | undefined }
  | { readonly status: 'waiting'; readonly delayMs: number; readonly code: string }
  | { readonly status: 'deferred'; readonly delayMs: number }
  | { readonly status: 'postponed'; readonly until: Date };

/** A claimed step, and what it needs to be sent. */
export type ClaimedStep = NotificationStepRow & {
  readonly urgency: Urgency;
  readonly title: Buffer | null;
  readonly body: Buffer | null;
  readonly expires_at: Date | null;
  readonly now: Date;
  /** Null where the channel was removed or is no longer verified. */
  readonly channel: { readonly address: string; readonly include_content: boolean } | null;
  readonly preferences: NotificationPreferencesRow | null;
};

const BEGIN = `SELECT s.*, n.urgency, n.title, n.body, n.expires_at, clock_timestamp() AS now, to_jsonb(p) AS preferences,
    CASE WHEN c.id IS NULL THEN NULL ELSE json_build_object('address', encode(c.address, 'base64'), 'include_content', c.include_content) END AS channel
  FROM notifications_begin_step($1, $2, make_interval(secs => $3 / 1000.0)) s
  JOIN notifications n ON n.id = s.notification_id
  LEFT JOIN notification_channels c ON c.id = s.channel_id AND c.user_id = s.user_id AND c.status = 'active'
  LEFT JOIN notification_preferences p ON p.user_id = s.user_id`;
const END = `SELECT notifications_end_step($1, $2, $3, $4, $5, $6, coalesce($7::timestamptz, clock_timestamp() + make_interval(secs => $8 / 1000.0))) AS done`;

/** Reads and writes of one attempt. A write is refused when the step is no longer that attempt's. */
@Injectable()
export class StepStore {
  constructor(
    private readonly database: Database,
    private readonly config: NotificationsConfig,
  ) {}

  /** Undefined where the step is not due, is claimed by another process, or its chain has ended. */
  async begin({ id, position }: StepKey): Promise<ClaimedStep | undefined> {
    const [row] = await this.database.prepared<ClaimedStep>(BEGIN, [id, position, this.config.NOTIFICATION_LEASE_MS]);
    return row;
  }

  async end(step: NotificationStepRow, outcome: StepOutcome): Promise<boolean> {
    const { notification_id: id, position, claim } = step;
    const [row] = await this.database.prepared<{ done: boolean }>(END, [id, position, claim, ...columnsOf(outcome)]);
    return row?.done ?? false;
  }
}

function columnsOf(outcome: StepOutcome): unknown[] {
  switch (outcome.status) {
    case 'postponed':
      return [outcome.status, null, null, outcome.until, 0];
    case 'deferred':
      return [outcome.status, null, null, null, outcome.delayMs];
    case 'waiting':
      return [outcome.status, null, outcome.code, null, outcome.delayMs];
    case 'sent':
    case 'failed':
      return [outcome.status, outcome.providerId ?? null, outcome.code ?? null, null, 0];
  }
}
