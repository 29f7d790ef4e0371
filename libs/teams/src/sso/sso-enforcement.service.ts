import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Accounts, Sessions, SignInRules } from '@adiuva/auth';
import { Database } from '@adiuva/platform';
import { undefinedWhenErased } from '../team-members.service';
import { SsoConnections } from './sso-connections.store';
import { domainOf } from './sso-domain';

/**
 * Members of a team that enforces single sign-on have no other sign-in, where their address is in a domain that the team has proved. The
 * owner keeps the own one: a provider that is down, or settings that are wrong, must not lock a team out of its settings.
 */
@Injectable()
export class SsoEnforcement implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly rules: SignInRules,
    private readonly connections: SsoConnections,
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
  ) {}

  onModuleInit(): void {
    this.rules.add(async (userId, ssoTeamId) => {
      const teamId = await this.teamOf(userId);
      if (teamId !== undefined && teamId !== ssoTeamId) throw new Problem('sso_required');
    });
  }

  /** For the job: ends what members have open that was not opened at the provider of the team. */
  async endOtherSessions(teamId: string): Promise<void> {
    for (const userId of await this.connections.memberIds(teamId))
      if ((await this.teamOf(userId)) === teamId)
        await this.database.transaction((tx) => this.sessions.revokeAllBut(tx, userId, teamId, 'sso.enforced'));
  }

  /** At whose provider the user must sign in. */
  private async teamOf(userId: string): Promise<string | undefined> {
    const connection = await this.connections.enforcedFor(userId);
    if (!connection) return undefined;
    const account = await this.accounts.get(userId).catch(undefinedWhenErased);
    const domain = account && domainOf(account.email);
    const isBound = domain !== undefined && (await this.connections.hasProved(connection.teamId, domain));
    return isBound ? connection.teamId : undefined;
  }
}
