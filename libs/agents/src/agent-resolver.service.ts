import { Injectable } from '@nestjs/common';
import { invalidField, type Principal } from '@adiuva/kernel';
import type { Agent } from './agent';
import { AgentCatalogue } from './agent-catalogue.service';
import type { CustomAgentSource } from './custom-agent-source.port';

/** Finds agents by name: built-in ones, then those that the caller has made. */
@Injectable()
export class AgentResolver {
  private custom: CustomAgentSource | undefined;

  constructor(private readonly catalogue: AgentCatalogue) {}

  /** The lib that stores custom agents registers itself when its module is made. */
  register(source: CustomAgentSource): void {
    this.custom = source;
  }

  /** `field` is where the request names it. Throws `validation_failed` for an unknown or disabled agent, `upgrade_required` for one of a higher tier. */
  async named(caller: Principal, name: string, field = 'agents'): Promise<Agent> {
    const loader = this.catalogue.loader(name);
    if (loader) return loader.load(caller);
    if (this.catalogue.has(name)) return this.catalogue.named(caller, name);
    const agent = await this.custom?.find(caller, name);
    if (agent) return agent;
    throw invalidField(field, 'there is no such agent');
  }
}
