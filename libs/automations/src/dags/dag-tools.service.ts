import { Injectable } from '@nestjs/common';
import { type Principal } from '@adiuva/kernel';
import { AgentCatalogue, type Agent, type AgentTool } from '@adiuva/agents';
import { CustomAgents } from '../agents/custom-agents.service';
import type { DagVocabulary } from './dag-validation';

/** The agents and tools that nodes of a user may name. */
@Injectable()
export class DagTools {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly customAgents: CustomAgents,
  ) {}

  /** The built-in agents, which the planner may choose from. */
  agents(caller: Principal): readonly Agent[] {
    return this.catalogue.of(caller.tier);
  }

  async vocabulary(caller: Principal): Promise<DagVocabulary> {
    const agents = this.agents(caller);
    const custom = await this.customAgents.usableNames(caller);
    return {
      agents: new Set([...agents.map(({ name }) => name), ...custom]),
      tools: new Set(agents.flatMap(({ tools }) => tools.map(({ name }) => name))),
    };
  }

  tool(caller: Principal, name: string): AgentTool | undefined {
    return this.agents(caller)
      .flatMap(({ tools }) => tools)
      .find((tool) => tool.name === name);
  }
}
