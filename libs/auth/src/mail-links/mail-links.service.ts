import { Injectable } from '@nestjs/common';
import { Audit } from '@adiuva/audit';
import { MAIL_LANGUAGES, type MailLanguage } from '@adiuva/mail';
import { jobKind, Jobs, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { AccountMails } from './account-mails.service';
import { AccountTokens } from './account-tokens.store';
import { UnconfirmedAccess } from './unconfirmed-access.service';

export const MAIL_ACCOUNT_LINK = jobKind(
  'mail_account_link',
  z.object({
    userId: z.uuid(),
    purpose: z.enum(['verify_new_email', 'reset_password']),
    language: z.enum(MAIL_LANGUAGES),
  }),
);

/** The address of an account was confirmed; a lib of a higher layer handles it. */
export const EMAIL_VERIFIED = jobKind('email_verified', z.object({ userId: z.uuid() }));

interface LinkRequest {
  readonly userId: string;
  readonly purpose: 'verify_new_email' | 'reset_password';
  readonly language: MailLanguage;
}

/** How tokens are made and mailed. */
@Injectable()
export class MailLinks {
  constructor(
    readonly tokens: AccountTokens,
    readonly mails: AccountMails,
    readonly unconfirmed: UnconfirmedAccess,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** Decides and mails in a job, so that the response takes the same time whatever the job finds. */
  async mailLater(tx: Tx, link: LinkRequest): Promise<void> {
    await this.jobs.add(tx, MAIL_ACCOUNT_LINK, link, { key: `mail-account-link:${link.purpose}:${link.userId}` });
  }

  async addressVerified(tx: Tx, userId: string, isNew: boolean): Promise<void> {
    await this.audit.recordOwn(tx, userId, isNew ? 'email.changed' : 'email.verified');
    await this.jobs.add(tx, EMAIL_VERIFIED, { userId }, { key: `email-verified:${userId}` });
  }
}
