import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { Problem } from '@adiuva/kernel';
import { MailRefused, MailSender, type OutgoingMail } from './mail-sender.port';
import { MailConfig } from './mail.config';

const CONNECT_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 30_000;
const MAX_CONNECTIONS = 4;

/** SMTP (RFC 5321) by nodemailer, over a few connections that stay open between mails. */
@Injectable()
export class SmtpMailSender extends MailSender implements OnModuleDestroy {
  private transport: Transporter | undefined;

  constructor(private readonly config: MailConfig) {
    super();
  }

  async send(mail: OutgoingMail, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { id, to, subject, text, html } = mail;
    const message = {
      ...{ subject, text, html },
      from: this.config.MAIL_FROM,
      // An object is one address, whatever characters it has; a string would be a list.
      to: { name: '', address: to },
      messageId: `<${id}@${this.domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
      disableFileAccess: true,
      disableUrlAccess: true,
    };
    try {
      await (await this.connected()).sendMail(message);
    } catch (error) {
      throw isPermanent(error) ? new MailRefused() : new Problem('upstream_failed', { cause: error });
    }
  }

  onModuleDestroy(): void {
    this.transport?.close();
  }

  private async connected(): Promise<Transporter> {
    const { SMTP_URL: url } = this.config;
    if (url === undefined) throw new Problem('not_configured');
    const { createTransport } = await import('nodemailer');
    this.transport ??= createTransport({
      url,
      pool: true,
      maxConnections: MAX_CONNECTIONS,
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
    });
    return this.transport;
  }

  private get domain(): string {
    return /@([^\s>@]+)>?\s*$/.exec(this.config.MAIL_FROM ?? '')?.[1] ?? 'localhost';
  }
}

/** Connects, signs in and hangs up. Rejects with the error of nodemailer. */
export async function verifySmtp({ SMTP_URL: url }: MailConfig): Promise<void> {
  if (url === undefined) throw new Problem('not_configured');
  const timeout = {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: CONNECT_TIMEOUT_MS,
  };
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({ url, ...timeout });
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/** A refused recipient or message; a refused login or a greeting is a fault of the configuration and is tried again. */
function isPermanent(error: unknown): boolean {
  const { responseCode, code } = Object(error) as { responseCode?: number; code?: string };
  return responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}
