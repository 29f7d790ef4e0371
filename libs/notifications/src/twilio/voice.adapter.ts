import { Injectable } from '@nestjs/common';
import { Database } from '@adiuva/platform';
import { ChannelSender, type OutgoingMessage, type SendOutcome } from '../senders/channel-sender.port';
import { NotificationsConfig, TwilioConfig } from '../notifications.config';
import { stepQuery } from './step-reference';
import { TwilioClient } from './twilio-client.adapter';
import { NOT_SENT, outcomeOf, UNREACHABLE } from './twilio-outcome';

const RING_SECONDS = '30';
/** Clocks of Twilio and of the database differ by less. */
const CLOCK_SKEW_MS = 10_000;
const LINE_BUSY_MS = 1_000;
/**
 * An earlier call to the same number that may be in question: its own step decides first, so that there is at most one. A cancelled step decides
 * nothing: what Twilio may have made of its last attempt is waited for, until it lies before all that a later step looks for.
 */
const OTHER_OPEN = `SELECT 1 FROM notification_steps mine JOIN notification_channels c ON c.id = mine.channel_id
  JOIN notification_channels same ON same.address_hash = c.address_hash AND same.kind = 'voice' JOIN notification_steps o ON o.channel_id = same.id
  WHERE mine.notification_id = $1 AND mine.position = $2 AND (o.notification_id, o.position) <> ($1, $2) AND o.kind = 'voice'
    AND (o.status IN ('sending', 'unknown') OR (o.status = 'waiting' AND o.attempts > 0)
      OR (o.status = 'cancelled' AND o.attempts > 0 AND o.provider_id IS NULL AND o.updated_at > now() - make_interval(secs => $3 / 1000.0)))
    AND (o.first_claimed_at, o.notification_id) < (mine.first_claimed_at, mine.notification_id) LIMIT 1`;
const KNOWN = `SELECT provider_id FROM notification_steps WHERE provider_id = ANY ($1::text[])`;
const OWN = `SELECT provider_id FROM notification_steps WHERE notification_id = $1 AND position = $2 AND provider_id IS NOT NULL`;

/**
 * Calls by Twilio, with machine detection: what answers is asked for a digit. Calls to one number are made one after the other, so that a
 * call that no step knows can only be that of the step whose sender died.
 */
@Injectable()
export class VoiceSender extends ChannelSender {
  readonly kind = 'voice';

  constructor(
    private readonly twilio: TwilioClient,
    private readonly config: TwilioConfig,
    private readonly notifications: NotificationsConfig,
    private readonly database: Database,
  ) {
    super();
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { TWILIO_VOICE_FROM: From } = this.config;
    if (!this.twilio.account || From === undefined) return { kind: 'failed', code: 'not_configured' };
    const step = { id: message.notificationId, position: message.position };
    const ends = { From, To: message.address };
    try {
      const doubtMs = this.notifications.NOTIFICATION_LEASE_MS + 2 * CLOCK_SKEW_MS;
      if ((await this.database.query(OTHER_OPEN, [step.id, step.position, doubtMs])).length > 0)
        return { kind: 'busy', afterMs: LINE_BUSY_MS };
      const made = message.attempt > 1 ? await this.find(message, ends, signal) : undefined;
      if (made !== undefined) return { kind: 'sent', providerId: made };
      if (message.isLookup) return NOT_SENT;
      const query = stepQuery(step);
      const form = {
        ...ends,
        Url: this.twilio.webhook(`voice${query}`),
        StatusCallback: this.twilio.webhook(`status${query}`),
        MachineDetection: 'Enable',
        Timeout: RING_SECONDS,
      };
      return outcomeOf(await this.twilio.create('Calls', form, signal));
    } catch {
      return UNREACHABLE;
    }
  }

  /** The call of an earlier attempt: one that a callback has named, or one to this number since then that belongs to no other step. */
  private async find(
    message: OutgoingMessage,
    ends: { From: string; To: string },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const [own] = await this.database.query<{ provider_id: string }>(OWN, [message.notificationId, message.position]);
    if (own) return own.provider_id;
    const since = new Date(message.firstClaimedAt.getTime() - CLOCK_SKEW_MS).toISOString();
    const sids: string[] = [];
    for await (const { sid } of this.twilio.list('Calls', { ...ends, 'StartTime>': since }, signal)) sids.push(sid);
    const known = await this.database.query<{ provider_id: string }>(KNOWN, [sids]);
    return sids.find((sid) => !known.some(({ provider_id }) => provider_id === sid));
  }
}
