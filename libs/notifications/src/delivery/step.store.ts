import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { UserEncryption, type UserCipher } from '@adiuva/auth';
import { Database, MicroBatcher } from '@adiuva/platform';
import { NotificationsConfig } from '../notifications.config';
import type { ChannelKind, Urgency } from '../notification';
import type { NotificationPreferencesRow } from '../preferences/preferences.entity';
import type { NotificationStepRow } from './notification.entity';

export type StepOutcome =
  | { readonly status: 'sent' | 'failed'; readonly providerId?: string | undefined; readonly code?: string | undefined }
  | { readonly status: 'waiting'; readonly delayMs: number; readonly code: string }
  | { readonly status: 'deferred'; readonly delayMs: number }
  | { readonly status: 'postponed'; readonly until: Date };

/** A claimed step, and what it needs to be sent. */
export type ClaimedStep = NotificationStepRow &
  StepContext & {
    /** Undefined where the account is erased. */
    readonly openCipher: (() => UserCipher) | undefined;
    /** When its attempt is aborted, by `performance.now()`. */
    readonly deadline: number;
  };

interface StepContext {
  readonly urgency: Urgency;
  readonly title: Buffer | null;
  readonly body: Buffer | null;
  readonly expires_at: Date | null;
  readonly now: Date;
  /** Null where the channel was removed or is no longer verified. */
  readonly channel: { readonly address: string; readonly include_content: boolean } | null;
  readonly preferences: NotificationPreferencesRow | null;
}

/** How many steps of a kind may be claimed. */
export type Slots = Readonly<Partial<Record<ChannelKind, number>>>;

/** The share of its lease after which an attempt is aborted: the next process must find all that it has sent. */
export const MAX_SHARE_OF_LEASE = 0.75;
/** Of two statements, because the function claims notifications that are committed after a statement that calls it has begun. */
const CLAIM = `SELECT * FROM notifications_claim_steps($1, make_interval(secs => $2 / 1000.0))`;
const CONTEXT = `SELECT claimed.index::integer - 1 AS index, n.urgency, n.title, n.body, n.expires_at, clock_timestamp() AS now, to_jsonb(p) AS preferences,
    CASE WHEN c.id IS NULL THEN NULL ELSE json_build_object('address', encode(c.address, 'base64'), 'include_content', c.include_content) END AS channel
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS claimed(notification_id, user_id, channel_id, index)
  JOIN notifications n ON n.id = claimed.notification_id AND n.user_id = claimed.user_id
  LEFT JOIN notification_channels c ON c.id = claimed.channel_id AND c.user_id = claimed.user_id AND c.status = 'active'
  LEFT JOIN notification_preferences p ON p.user_id = claimed.user_id`;
const END = 'SELECT notifications_end_steps($1) AS index';
const NEXT_DUE = 'SELECT notifications_next_due($1) AS ms';
/**
 * `paid`: those that a provider has taken, whatever became of them; `ahead`: those that are being sent and were claimed before this one, as far
 * as their claims are committed.
 */
const SENT_TODAY = `SELECT (
    SELECT count(*) FROM notification_steps WHERE user_id = $1 AND kind = $2 AND first_claimed_at > now() - interval '1 day'
      AND kind <> 'web_push' AND (provider_id IS NOT NULL OR status IN ('sent', 'delivered'))
  )::int AS paid, (
    SELECT count(*) FROM notification_steps o JOIN notification_steps mine ON mine.notification_id = $3 AND mine.position = $4
    WHERE o.status = 'sending' AND o.user_id = $1 AND o.kind = $2 AND o.provider_id IS NULL
      AND (o.first_claimed_at, o.notification_id, o.position) < (mine.first_claimed_at, mine.notification_id, mine.position)
  )::int AS ahead`;
const REAP = 'SELECT notifications_reap()';
const MAX_OUTCOMES = 50;
/** Between attempts to write the outcome of a notification that another transaction has locked. */
const LOCKED_MS = 50;

/** Reads and writes of attempts. A write is refused when the step is no longer that attempt's. */
@Injectable()
export class StepStore {
  private readonly outcomes = new MicroBatcher((outcomes: readonly object[]) => this.write(outcomes), MAX_OUTCOMES);

  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly config: NotificationsConfig,
  ) {}

  /** Steps that are due, that no other process has claimed, and whose chains have not ended. */
  async claim(slots: Slots): Promise<ClaimedStep[]> {
    const leaseMs = this.config.NOTIFICATION_LEASE_MS;
    const deadline = performance.now() + leaseMs * MAX_SHARE_OF_LEASE;
    const steps = await this.database.prepared<NotificationStepRow>(CLAIM, [JSON.stringify(slots), leaseMs]);
    if (steps.length === 0) return [];
    const users = steps.map((step) => step.user_id);
    const ids = [steps.map((step) => step.notification_id), users, steps.map((step) => step.channel_id)];
    const [contexts, openers] = await Promise.all([
      this.database.prepared<StepContext & { index: number }>(CONTEXT, ids),
      this.encryption.openersOf(users),
    ]);
    return contexts.flatMap(({ index, ...context }) => {
      const step = steps[index];
      return step ? [{ ...step, ...context, openCipher: openers.get(step.user_id), deadline }] : [];
    });
  }

  async end({ notification_id: id, position, claim }: ClaimedStep, outcome: StepOutcome): Promise<void> {
    const row = { id, position, claim, ...columnsOf(outcome) };
    // One that cannot be written, or is locked, does not hold up the others.
    let written = await this.outcomes.enqueue(row).catch(() => undefined);
    while (!written) {
      [written] = await this.write([row]);
      if (!written) await pause(LOCKED_MS);
    }
  }

  /** Calls, messages or mails of the step's kind: those that the user was sent in the last 24 hours, and those that may be before this one. */
  async sentToday(step: NotificationStepRow): Promise<{ readonly paid: number; readonly ahead: number }> {
    const { user_id: userId, kind, notification_id: id, position } = step;
    const [row] = await this.database.prepared<{ paid: number; ahead: number }>(SENT_TODAY, [
      userId,
      kind,
      id,
      position,
    ]);
    return row ?? { paid: 0, ahead: 0 };
  }

  /** Milliseconds until a chain starts, or a step of these kinds is due. */
  async nextDue(kinds: readonly ChannelKind[]): Promise<number> {
    const [row] = await this.database.prepared<{ ms: number | null }>(NEXT_DUE, [kinds]);
    return row?.ms ?? Infinity;
  }

  /** Steps of processes that have died become `unknown`; what has expired ends; what is due of disabled accounts is held. */
  async reap(): Promise<void> {
    await this.database.prepared(REAP, []);
  }

  /** Undefined for those whose notification is locked. */
  private async write(outcomes: readonly object[]): Promise<(true | undefined)[]> {
    const rows = outcomes.map((outcome, index) => ({ ...outcome, index }));
    const locked = await this.database.prepared<{ index: number }>(END, [JSON.stringify(rows)]);
    return rows.map(({ index }) => (locked.some((row) => row.index === index) ? undefined : true));
  }
}

function columnsOf(outcome: StepOutcome): object {
  const { status } = outcome;
  switch (status) {
    case 'postponed':
      return { status, until: outcome.until };
    case 'deferred':
      return { status, delay_ms: outcome.delayMs };
    case 'waiting':
      return { status, code: outcome.code, delay_ms: outcome.delayMs };
    case 'sent':
    case 'failed':
      return { status, provider: outcome.providerId, code: outcome.code };
  }
}
