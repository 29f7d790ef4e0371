import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { newId, Problem } from '@adiuva/kernel';
import { Database, jobKind, Jobs, Log, ServerKeys, type Tx } from '@adiuva/platform';
import type { MailLanguage } from './mail-language';
import { MailRefused, MailSender } from './mail-sender.port';
import { MailSettings } from './mail-settings.service';
import type { MailTemplate, MailValues } from './mail-template';
import { renderMail } from './render-mail';

export interface NewMail<T extends MailTemplate> {
  readonly to: string;
  readonly template: T;
  readonly language: MailLanguage;
  readonly values: MailValues[T];
}

export const SEND_MAIL = jobKind('send_mail', z.object({ id: z.uuid() }));

const ContentShape = z.object({ to: z.string(), subject: z.string(), text: z.string(), html: z.string() });
/** Longer than a delivery takes; after the death of its process a mail is delivered by another one. */
const LEASE_SECONDS = 120;
const MAX_ATTEMPTS = 12;
const KEPT_DAYS = 3;

const CLAIM = `WITH claimed AS (UPDATE mails SET lease_until = now() + make_interval(secs => ${LEASE_SECONDS})
  WHERE id = $1 AND lease_until <= now() RETURNING content) SELECT content FROM claimed`;
const LOST = `SELECT graphile_worker.add_job('send_mail', json_build_object('id', id), job_key := 'mail:' || id, max_attempts := ${MAX_ATTEMPTS})
  FROM mails WHERE lease_until < now() - interval '1 minute' AND NOT EXISTS (SELECT 1 FROM graphile_worker.jobs j WHERE j.key = 'mail:' || mails.id AND j.locked_at IS NULL)`;

/**
 * Mails to people. Each is stored, sealed, in the transaction that causes it and delivered by a job until the server accepts it, always
 * under the same Message-ID; then its row is deleted. Without SMTP_URL mails stay in their table, where administrators read them.
 */
@Injectable()
export class Mails {
  constructor(
    private readonly database: Database,
    private readonly keys: ServerKeys,
    private readonly jobs: Jobs,
    private readonly sender: MailSender,
    private readonly settings: MailSettings,
    private readonly log: Log,
  ) {}

  /** Whether mails leave, or are at least readable for administrators. */
  get configured(): boolean {
    return this.settings.delivers || this.settings.hasOutbox;
  }

  /** Gives the id of the mail. Throws `not_configured` without SMTP_URL in production. */
  async enqueue<T extends MailTemplate>(tx: Tx, userId: string, mail: NewMail<T>, id = newId()): Promise<string> {
    if (!this.configured) throw new Problem('not_configured');
    const { to, template, language, values } = mail;
    const content = JSON.stringify({ to, ...renderMail(template, language, values) });
    const sealed = this.keys.seal('mail', Buffer.from(content, 'utf8'), id);
    await tx.query('INSERT INTO mails (id, user_id, content) VALUES ($1, $2, $3)', [id, userId, sealed]);
    if (this.settings.delivers)
      await this.jobs.add(tx, SEND_MAIL, { id }, { key: `mail:${id}`, maxAttempts: MAX_ATTEMPTS });
    else this.log.info('mail_in_outbox', { route: '/api/v1/admin/outbox' });
    return id;
  }

  async deliver(id: string, signal: AbortSignal): Promise<void> {
    const [row] = await this.database.query<{ content: Buffer }>(CLAIM, [id]);
    if (!row) return;
    try {
      await this.sender.send({ id, ...this.open(id, row.content) }, signal);
    } catch (error) {
      if (!(error instanceof MailRefused)) {
        await this.database.query('UPDATE mails SET lease_until = now() WHERE id = $1', [id]);
        throw error;
      }
      this.log.warn('mail_refused', { error });
    }
    await this.database.query('DELETE FROM mails WHERE id = $1', [id]);
  }

  /** Enqueues what a dead process has left, and deletes what could not be delivered for days. */
  async recover(): Promise<void> {
    await this.database.query(`DELETE FROM mails WHERE created_at < now() - make_interval(days => ${KEPT_DAYS})`);
    if (this.settings.delivers) await this.database.query(LOST);
  }

  open(id: string, content: Buffer): z.infer<typeof ContentShape> {
    return ContentShape.parse(JSON.parse(this.keys.open('mail', content, id).toString('utf8')));
  }
}
