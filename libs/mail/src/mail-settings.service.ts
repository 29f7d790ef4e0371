import { Injectable } from '@nestjs/common';
import { ServerConfig } from '@adiuva/config';
import { MailConfig } from './mail.config';

/** Where mails go: to an SMTP server, to the outbox of administrators, or nowhere. */
@Injectable()
export class MailSettings {
  readonly delivers: boolean;
  readonly hasOutbox: boolean;

  constructor(mail: MailConfig, server: ServerConfig) {
    this.delivers = mail.SMTP_URL !== undefined;
    this.hasOutbox = !this.delivers && server.ENV !== 'prod';
  }
}
