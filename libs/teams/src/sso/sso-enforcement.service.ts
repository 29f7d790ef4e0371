import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Accounts, SignInRules } from '@adiuva/auth';
import { SsoConnections } from './sso-connections.store';
import { domainOf } from './sso-domain';

/**
 * Members of a team that enforces single sign-on have no other sign-in, where their address is in a domain that the team has proved. The
 * owner keeps the own one: a provider that is down, or settings that are wrong, must not lock a team out of its settings.
 */
@Injectable()
export class SsoEnforcement implements OnModuleInit {
  constructor(
    private readonly rules: SignInRules,
    private readonly connections: SsoConnections,
    private readonly accounts: Accounts,
  ) {}

  onModuleInit(): void {
    this.rules.add((userId) => this.check(userId));
  }

  private async check(userId: string): Promise<void> {
    const connection = await this.connections.enforcedFor(userId);
    if (!connection) return;
    const domain = domainOf((await this.accounts.get(userId)).email);
    if (domain !== undefined && (await this.connections.hasProved(connection.teamId, domain)))
      throw new Problem('sso_required');
  }
}
