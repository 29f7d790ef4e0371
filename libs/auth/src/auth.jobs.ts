import { Injectable } from '@nestjs/common';
import { jobHandler, jobKind, type Database, type JobHandler, type Tx } from '@adiuva/platform';
import { z } from 'zod';
import { AddressChange } from './mail-links/address-change.service';
import { AccountTokens } from './mail-links/account-tokens.store';
import { MAIL_ACCOUNT_LINK } from './mail-links/mail-links.service';
import { PasswordResets } from './mail-links/password-reset.service';
import { PasskeyChallenges } from './passkeys/passkey-challenges.service';
import { SessionEvents } from './session-events.service';
import { Sessions } from './sessions.service';
import { RECORD_FAILED_SIGN_IN } from './sign-in-limits.service';

export const ERASE_ACCOUNT = jobKind('erase_account', z.object({ userId: z.uuid() }));

/** What is executed for the account is aborted. */
export const ACCOUNT_DISABLED = jobKind('account_disabled', z.object({ userId: z.uuid() }));

/** A disabled account was enabled; what it had running is resumed. */
export const ACCOUNT_ENABLED = jobKind('account_enabled', z.object({ userId: z.uuid() }));

/** Likewise; what became due meanwhile is sent. */
export const RESUME_NOTIFICATIONS = jobKind('resume_notifications', z.object({ userId: z.uuid() }));

/** The background work of accounts, but for their erasure, which needs every lib. */
@Injectable()
export class AuthJobs {
  readonly handlers: readonly JobHandler[];

  constructor(
    sessions: Sessions,
    tokens: AccountTokens,
    resets: PasswordResets,
    addresses: AddressChange,
    challenges: PasskeyChallenges,
    events: SessionEvents,
  ) {
    const sweep = async (): Promise<void> => {
      await sessions.sweep();
      await tokens.sweep();
      await challenges.sweep();
    };
    this.handlers = [
      jobHandler(jobKind('sweep_sessions', z.unknown()), sweep, '17 3 * * *'),
      jobHandler(RECORD_FAILED_SIGN_IN, ({ userId, method }) => events.failed(userId, method)),
      jobHandler(MAIL_ACCOUNT_LINK, ({ userId, purpose, language }) =>
        purpose === 'reset_password' ? resets.mailLink(userId, language) : addresses.mailLink(userId, language),
      ),
    ];
  }
}

/** Holds data of users outside the common transaction: objects, an index, another service. May run again after a crash at any point. */
export interface UserDataOwner {
  erase(userId: string, signal: AbortSignal): Promise<void>;
}

/** Holds rows of users. */
export interface RowOwner {
  erase(tx: Tx, userId: string): Promise<void>;
}

/** Erases an account by its owners, in their order; all `rows` in one transaction. */
export function accountErasureHandler(
  database: Database,
  owners: readonly UserDataOwner[],
  rows: readonly RowOwner[],
): JobHandler {
  return jobHandler(ERASE_ACCOUNT, async ({ userId }, signal) => {
    for (const owner of owners) await owner.erase(userId, signal);
    await database.transaction(async (tx) => {
      for (const owner of rows) await owner.erase(tx, userId);
    });
  });
}
