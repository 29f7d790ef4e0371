import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import type { Tx } from '@adiuva/platform';
import { Mails, type MailLanguage } from '@adiuva/mail';
import { AuthConfig } from '../auth.config';
import type { TokenPurpose } from './account-token.entity';

const PAGES: Readonly<Record<TokenPurpose, string>> = {
  verify_email: 'verify-email',
  verify_new_email: 'verify-email',
  reset_password: 'reset-password',
};

/** Mails about an account. A token is in the fragment of its link, which no server or log sees. */
@Injectable()
export class AccountMails {
  constructor(
    private readonly mails: Mails,
    private readonly config: AuthConfig,
  ) {}

  /** @throws `not_configured` */
  assertConfigured(): void {
    if (!this.mails.configured) throw new Problem('not_configured', { detail: 'SMTP_URL is not set' });
  }

  linkOf(purpose: TokenPurpose, token: string): string {
    return `${this.config.ACCOUNT_LINK_URL.replace(/\/$/, '')}/${PAGES[purpose]}#token=${token}`;
  }

  async sendLink(
    tx: Tx,
    userId: string,
    { to, purpose, token, language }: { to: string; purpose: TokenPurpose; token: string; language: MailLanguage },
  ): Promise<void> {
    const link = this.linkOf(purpose, token);
    await this.mails.enqueue(tx, userId, { to, template: purpose, language, values: { link } });
  }

  /** Where no mails leave, a notice is left out: what it reports has happened. */
  async sendNotice(
    tx: Tx,
    userId: string,
    { to, template, language }: { to: string; template: 'email_changed' | 'password_changed'; language: MailLanguage },
  ): Promise<void> {
    if (this.mails.configured) await this.mails.enqueue(tx, userId, { to, template, language, values: {} });
  }
}
