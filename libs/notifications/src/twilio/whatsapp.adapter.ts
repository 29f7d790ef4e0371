import { Injectable } from '@nestjs/common';
import { ChannelSender, type OutgoingMessage, type SendOutcome } from '../senders/channel-sender.port';
import { TwilioConfig } from '../notifications.config';
import { outgoingText, TEXTS } from '../texts';
import { stepQuery, stepReference } from './step-reference';
import { TwilioClient } from './twilio-client.adapter';
import { NOT_SENT, outcomeOf, UNREACHABLE } from './twilio-outcome';

const MAX_BODY = 1_500;

/** WhatsApp by Twilio. Each message ends with the reference of its step. */
@Injectable()
export class WhatsappSender extends ChannelSender {
  readonly kind = 'whatsapp';

  constructor(
    private readonly twilio: TwilioClient,
    private readonly config: TwilioConfig,
  ) {
    super();
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendOutcome> {
    const { TWILIO_WHATSAPP_FROM: from } = this.config;
    if (!this.twilio.account || from === undefined) return { kind: 'failed', code: 'not_configured' };
    const step = { id: message.notificationId, position: message.position };
    const ends = { From: `whatsapp:${from}`, To: `whatsapp:${message.address}` };
    try {
      const sent = message.attempt > 1 ? await this.find(message, ends, signal) : undefined;
      if (sent !== undefined) return { kind: 'sent', providerId: sent };
      if (message.isLookup) return NOT_SENT;
      const form = { ...ends, Body: bodyOf(message), StatusCallback: this.twilio.webhook(`status${stepQuery(step)}`) };
      return outcomeOf(await this.twilio.create('Messages', form, signal));
    } catch {
      return UNREACHABLE;
    }
  }

  /** The message of an earlier attempt, if Twilio has it. */
  private async find(
    message: OutgoingMessage,
    ends: { From: string; To: string },
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const reference = stepReference({ id: message.notificationId, position: message.position });
    const day = new Date(message.firstClaimedAt.getTime() - 86_400_000).toISOString().slice(0, 10);
    for await (const { sid, body } of this.twilio.list('Messages', { ...ends, 'DateSent>': day }, signal))
      if (body?.includes(reference)) return sid;
    return undefined;
  }
}

function bodyOf(message: OutgoingMessage): string {
  const { language, content, includeContent, notificationId: id, position } = message;
  const text = outgoingText(language, content, includeContent).slice(0, MAX_BODY).toWellFormed();
  return `${text}\n\n${TEXTS[language].replyHint} [${stepReference({ id, position })}]`;
}
