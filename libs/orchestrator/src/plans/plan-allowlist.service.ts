import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import { AgentCatalogue, type Agent } from '@adiuva/agents';
import type { PlanAllowlist } from './execution-plan';
import { PromptTemplateRegistry } from './prompt-template-registry.service';

/** What a plan may name. */
@Injectable()
export class PlanAllowlists {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly templates: PromptTemplateRegistry,
  ) {}

  get whole(): PlanAllowlist {
    return this.among(this.catalogue.of('team'), (id) => this.templates.find(id));
  }

  /** Only what the caller's tier includes, and the agents that the caller has named. */
  of(caller: Principal, named: readonly Agent[] = []): PlanAllowlist {
    const own = this.templates.of(caller);
    return this.among([...this.catalogue.of(caller.tier), ...named], (id) =>
      own.find((template) => template.id === id),
    );
  }

  private among(agents: readonly Agent[], template: PlanAllowlist['template']): PlanAllowlist {
    const tools = agents.flatMap((agent) => agent.tools.filter(({ kind }) => kind === 'read'));
    return {
      tables: this.catalogue.tables,
      readTools: new Set(tools.map(({ name }) => name)),
      agents: new Set(agents.map(({ name }) => name)),
      template,
    };
  }
}
