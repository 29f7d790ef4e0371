import { Injectable } from '@nestjs/common';
import { type Principal } from '@adiuva/kernel';
import { AgentCatalogue, type Agent, type AgentTool } from '@adiuva/agents';
import type { DagVocabulary } from './dag-validation';

/** The agents and tools that nodes of a user may name. */
@Injectable()
export class DagTools {
  constructor(private readonly catalogue: AgentCatalogue) {}

  agents(caller: Principal): Promise<readonly Agent[]> {
    return Promise.resolve(this.catalogue.of(caller.tier));
  }

  async vocabulary(caller: Principal): Promise<DagVocabulary> {
    const agents = await this.agents(caller);
    return {
      agents: new Set(agents.map(({ name }) => name)),
      tools: new Set(agents.flatMap(({ tools }) => tools.map(({ name }) => name))),
    };
  }

  async tool(caller: Principal, name: string): Promise<AgentTool | undefined> {
    return (await this.agents(caller)).flatMap(({ tools }) => tools).find((tool) => tool.name === name);
  }
}
