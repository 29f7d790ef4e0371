import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database, ServerKeys, type Tx } from '@adiuva/platform';
import { Acknowledgements } from '../inbox/acknowledgements.service';
import { openContent } from '../notification-encryption';
import { NotificationPreferences } from '../preferences/preferences.service';
import { outgoingText } from '../texts';
import { isAcknowledging, isMachine, receiptOf } from './receipt';
import { parseStep, stepQuery } from './step-reference';
import { askForDigit, HANG_UP, NO_REPLY, sayAndHangUp } from './twiml';
import { TwilioClient } from './twilio-client.adapter';
import { isSignedByTwilio } from './twilio-signature';

/** A request of Twilio as it came: the path with its query, the fields of the form, the signature. */
export interface TwilioCallback {
  readonly path: 'status' | 'voice' | 'whatsapp';
  readonly query: string;
  readonly body: string;
  readonly signature: string | undefined;
}

interface VoiceStep {
  readonly notification_id: string;
  readonly position: number;
  readonly user_id: string;
  readonly answer: string | null;
  readonly include_content: boolean;
  readonly title: Buffer | null;
  readonly body: Buffer | null;
}

const SNOOZE_MINUTES = 10;
const RECEIPT = 'SELECT notifications_receipt($1, $2, $3, $4, $5, $6)';
const VOICE_STEP = `SELECT s.notification_id, s.position, s.user_id, s.answer, coalesce(c.include_content, false) AS include_content, n.title, n.body
  FROM notification_steps s JOIN notifications n ON n.id = s.notification_id LEFT JOIN notification_channels c ON c.id = s.channel_id
  WHERE s.notification_id = $1 AND s.position = $2 AND s.kind = 'voice' AND s.attempts > 0 AND (s.provider_id IS NULL OR s.provider_id = $3)`;
const ANSWER = `WITH answered AS (UPDATE notification_steps SET answer = $3, provider_id = $4, updated_at = clock_timestamp()
    WHERE notification_id = $1 AND position = $2 AND answer IS NULL AND (provider_id IS NULL OR provider_id = $4) RETURNING 1)
  SELECT 1 FROM answered`;
/** By the message that the user replied to, else the last one to this telephone. */
const REPLIED = `SELECT s.notification_id, s.user_id FROM notification_steps s JOIN notification_channels c ON c.id = s.channel_id
  JOIN notifications n ON n.id = s.notification_id
  WHERE c.kind = 'whatsapp' AND c.address_hash = $1 AND s.first_claimed_at IS NOT NULL AND n.status <> 'acknowledged'
    AND ($2::text IS NULL OR s.provider_id = $2)
  ORDER BY s.first_claimed_at DESC LIMIT 1`;
const FIRST_REPLY = `WITH made AS (INSERT INTO notification_replies (provider_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1)
  SELECT 1 FROM made`;

/** What callbacks are answered with, beside their signature. */
@Injectable()
export class CallbackParts {
  constructor(
    readonly encryption: UserEncryption,
    readonly keys: ServerKeys,
    readonly preferences: NotificationPreferences,
    readonly acknowledgements: Acknowledgements,
  ) {}
}

/** Callbacks of Twilio. A forged one is refused; a repeated or late one changes nothing. */
@Injectable()
export class TwilioCallbacks {
  constructor(
    private readonly database: Database,
    private readonly twilio: TwilioClient,
    private readonly parts: CallbackParts,
  ) {}

  /** The TwiML of the answer; empty for a receipt. Throws `invalid_signature`. */
  async receive(callback: TwilioCallback): Promise<string> {
    const fields = new URLSearchParams(callback.body);
    const { account } = this.twilio;
    const url = this.twilio.webhook(callback.path) + callback.query;
    if (!account || !isSignedByTwilio(account.token, url, fields, callback.signature))
      throw new Problem('invalid_signature', { status: 403 });
    const step = new URLSearchParams(callback.query).get('step') ?? undefined;
    switch (callback.path) {
      case 'status':
        await this.receipt(step, fields);
        return '';
      case 'voice':
        return this.voice(step, fields);
      case 'whatsapp':
        await this.reply(fields);
        return NO_REPLY;
    }
  }

  private async receipt(step: string | undefined, fields: URLSearchParams): Promise<void> {
    const key = parseStep(step);
    const call = fields.get('CallSid');
    const sid = call ?? fields.get('MessageSid');
    const receipt =
      call === null
        ? receiptOf('message', fields.get('MessageStatus') ?? '')
        : receiptOf('call', fields.get('CallStatus') ?? '');
    if (!key || sid === null || !receipt) return;
    const machine = call !== null && isMachine(fields.get('AnsweredBy') ?? '');
    const status = machine && receipt.status === 'delivered' ? 'failed' : receipt.status;
    const code = machine
      ? 'voicemail'
      : status === 'failed'
        ? `twilio_${fields.get('ErrorCode') ?? fields.get('CallStatus') ?? 'failed'}`
        : null;
    await this.database.query(RECEIPT, [key.id, key.position, sid, receipt.rank, status, code]);
  }

  private async voice(step: string | undefined, fields: URLSearchParams): Promise<string> {
    const key = parseStep(step);
    const sid = fields.get('CallSid');
    const [row] = key && sid ? await this.database.query<VoiceStep>(VOICE_STEP, [key.id, key.position, sid]) : [];
    if (!row || sid === null || isMachine(fields.get('AnsweredBy') ?? '')) return HANG_UP;
    const { language } = await this.parts.preferences.of(row.user_id);
    const digit = fields.get('Digits');
    if (digit === '1' || digit === '2') {
      const answer = await this.answer(row, sid, digit);
      return sayAndHangUp(language, answer === '1' ? 'acknowledged' : 'snoozed');
    }
    if (row.answer !== null) return sayAndHangUp(language, 'goodbye');
    const cipher = await this.parts.encryption.open(row.user_id);
    const text = outgoingText(
      language,
      openContent(cipher, { id: row.notification_id, title: row.title, body: row.body }),
      row.include_content,
    );
    const action = this.twilio.webhook(`voice${stepQuery({ id: row.notification_id, position: row.position })}`);
    return askForDigit(language, text, action);
  }

  /** The first digit of a call counts, however often Twilio sends it. Gives that digit. */
  private async answer(row: VoiceStep, sid: string, digit: '1' | '2'): Promise<string> {
    const { notification_id: id, position, user_id: userId } = row;
    return this.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM notifications WHERE id = $1 FOR NO KEY UPDATE', [id]);
      const first = await tx.query<unknown[]>(ANSWER, [id, position, digit, sid]);
      if (first.length === 0) return row.answer ?? digit;
      if (digit === '1') await this.parts.acknowledgements.acknowledgeIn(tx, userId, id);
      else await this.snooze(tx, userId, id);
      return digit;
    });
  }

  /** A notification that another channel has acknowledged stays so. */
  private async snooze(tx: Tx, userId: string, id: string): Promise<void> {
    try {
      await this.parts.acknowledgements.snoozeIn(tx, userId, id, SNOOZE_MINUTES);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error;
    }
  }

  private async reply(fields: URLSearchParams): Promise<void> {
    const phone = (fields.get('From') ?? '').replace(/^whatsapp:/, '');
    const sid = fields.get('MessageSid');
    if (sid === null || !isAcknowledging(fields.get('Body') ?? '')) return;
    const hash = this.parts.keys.hmac('notifications', `address|whatsapp|${phone}`);
    await this.database.transaction(async (tx) => {
      const [replied] = await tx.query<{ notification_id: string; user_id: string }[]>(REPLIED, [
        hash,
        fields.get('OriginalRepliedMessageSid'),
      ]);
      if (!replied) return;
      const first = await tx.query<unknown[]>(FIRST_REPLY, [sid, replied.user_id]);
      if (first.length > 0)
        await this.parts.acknowledgements.acknowledgeIn(tx, replied.user_id, replied.notification_id);
    });
  }
}
