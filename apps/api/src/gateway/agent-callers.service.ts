import { Injectable } from '@nestjs/common';
import { AgentTokens } from '@adiuva/auth';
import type { AgentCaller } from '@adiuva/gateway';
import { CallerLookup } from '../edge/auth/caller-lookup.service';

/** Who an agent token is for, as the database has the session and the tier now. */
@Injectable()
export class AgentCallers {
  constructor(
    private readonly tokens: AgentTokens,
    private readonly callers: CallerLookup,
  ) {}

  /** A token never acts as an administrator. @throws `unauthenticated` */
  async of(token: unknown): Promise<AgentCaller> {
    const { scopes, ...claims } = this.tokens.verify(typeof token === 'string' ? token : '');
    const principal = await this.callers.of(claims);
    return { scopes, principal: { ...principal, role: 'user' } };
  }
}
