import type { MailContent } from './render-mail';

export interface OutgoingMail extends MailContent {
  /** Becomes the Message-ID, the same in every attempt, so that a repetition can be recognised. */
  readonly id: string;
  readonly to: string;
}

/** Hands a mail over for delivery. */
export abstract class MailSender {
  /** Resolves when the server has accepted the mail. Throws `MailRefused` where a repetition would be refused too. */
  abstract send(mail: OutgoingMail, signal: AbortSignal): Promise<void>;
}

/** The server refused the mail permanently (5xx of RFC 5321). */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}
