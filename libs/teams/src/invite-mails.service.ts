import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { AuthConfig, SignInLimits } from '@adiuva/auth';
import { Mails, type MailLanguage } from '@adiuva/mail';
import { RateLimits, type Tx } from '@adiuva/platform';

const MAX_A_DAY = 500;
const DAY_SECONDS = 86_400;

/** Mails that invite. The owner of a team chooses its name and who receives it, so both are limited. */
@Injectable()
export class InviteMails {
  constructor(
    private readonly mails: Mails,
    private readonly config: AuthConfig,
    private readonly limits: SignInLimits,
    private readonly rateLimits: RateLimits,
  ) {}

  /** Counts a mail of the team to the address. @throws `rate_limited` */
  async check(teamId: string, email: string): Promise<void> {
    await this.limits.checkMailTo(email);
    const { allowed, resetSeconds } = await this.rateLimits.consume(`invites:${teamId}`, MAX_A_DAY, DAY_SECONDS);
    if (!allowed) throw new Problem('rate_limited', { retryAfter: resetSeconds });
  }

  async send(
    tx: Tx,
    userId: string,
    { to, team, token, language }: { to: string; team: string; token: string; language: MailLanguage },
  ): Promise<void> {
    const link = `${this.config.ACCOUNT_LINK_URL.replace(/\/$/, '')}/accept-invite#token=${token}`;
    const values = { team: withoutLinks(team), link };
    await this.mails.enqueue(tx, userId, { to, template: 'team_invite', language, values });
  }
}

/** Mail programs make links of what looks like an address: a zero-width space after its dots, colons and slashes keeps the name a name. */
function withoutLinks(name: string): string {
  return name.replace(/[.:/@](?=\S)/g, '$&\u200b');
}
