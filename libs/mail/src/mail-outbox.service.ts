import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import type { MailContent } from './render-mail';
import { MailSettings } from './mail-settings.service';
import { Mails } from './mails.service';

export interface OutboxMail extends MailContent {
  readonly id: string;
  readonly to: string;
  readonly createdAt: Date;
}

const MAX_MAILS = 100;

/** The mails of an installation without SMTP_URL, for its administrators; never in production. */
@Injectable()
export class MailOutbox {
  constructor(
    private readonly database: Database,
    private readonly mails: Mails,
    private readonly settings: MailSettings,
  ) {}

  /** Newest first. Throws `not_found` where mails are delivered. */
  async list(): Promise<OutboxMail[]> {
    if (!this.settings.hasOutbox) throw new Problem('not_found');
    const rows = await this.database.query<{ id: string; content: Buffer; created_at: Date }>(
      `SELECT id, content, created_at FROM mails ORDER BY id DESC LIMIT ${MAX_MAILS}`,
    );
    return rows.map(({ id, content, created_at: createdAt }) => ({ id, createdAt, ...this.mails.open(id, content) }));
  }
}
