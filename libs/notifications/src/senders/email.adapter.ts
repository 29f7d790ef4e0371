import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Mails } from '@adiuva/mail';
import { Database, isDuplicate, type Tx } from '@adiuva/platform';
import { AckTokens } from '../ack-tokens.service';
import { ChannelSender, type OutgoingMessage, type SendOutcome } from './channel-sender.port';

/** Hands over to the queue of mails under an id of the step, so that a repeated attempt finds it there and the Message-ID stays the same. */
@Injectable()
export class EmailSender extends ChannelSender {
  readonly kind = 'email';

  constructor(
    private readonly database: Database,
    private readonly mails: Mails,
    private readonly tokens: AckTokens,
  ) {
    super();
  }

  async send(message: OutgoingMessage): Promise<SendOutcome> {
    if (!this.mails.configured) return { kind: 'failed', code: 'not_configured' };
    try {
      await this.database.transaction((tx) => this.enqueue(tx, message));
    } catch (error) {
      if (!isDuplicate(error, 'mails_pk')) throw error;
    }
    return { kind: 'sent' };
  }

  private enqueue(tx: Tx, message: OutgoingMessage): Promise<string> {
    const { userId, address: to, language, content, includeContent } = message;
    const id = mailId(message);
    const link = this.tokens.link(message.notificationId);
    if (!includeContent || content.title === null)
      return this.mails.enqueue(tx, userId, { to, language, template: 'notification', values: { link } }, id);
    const values = { title: content.title, link, ...(content.body === null ? {} : { body: content.body }) };
    return this.mails.enqueue(tx, userId, { to, language, template: 'notification_content', values }, id);
  }
}

/** A UUID of version 8 (RFC 9562) from the step. */
function mailId({ notificationId, position }: OutgoingMessage): string {
  const bytes = createHash('sha256').update(`mail|${notificationId}|${position}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
