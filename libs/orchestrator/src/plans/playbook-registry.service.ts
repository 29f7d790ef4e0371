import { Injectable } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import { AgentCatalogue } from '@adiuva/agents';
import { PromptRegistry } from '@adiuva/prompts';
import { ExecutionPlanBuilder } from './execution-plan';
import { PLAYBOOKS, type Playbook } from './playbooks';
import { PlanAllowlists } from './plan-allowlist.service';

/** The playbooks of each tier. Every one is a plan that its builder accepts, or the server does not start. */
@Injectable()
export class PlaybookRegistry {
  constructor(
    private readonly catalogue: AgentCatalogue,
    planAllowlists: PlanAllowlists,
    prompts: PromptRegistry,
  ) {
    prompts.allow(PLAYBOOKS.map((playbook) => JSON.stringify(playbook)));
    for (const { id, agent, steps } of PLAYBOOKS) {
      const builder = new ExecutionPlanBuilder(agent, planAllowlists.whole);
      for (const step of steps) builder.add(step);
      builder.build(id);
    }
  }

  of(caller: Principal): readonly Playbook[] {
    const agents = this.catalogue.of(caller.tier).map(({ name }) => name);
    return PLAYBOOKS.filter(({ agent }) => agents.includes(agent));
  }

  /** Throws `not_found`, or `upgrade_required` for a playbook of a higher tier. */
  named(caller: Principal, id: string): Playbook {
    const playbook = PLAYBOOKS.find((candidate) => candidate.id === id);
    if (!playbook) throw new Problem('not_found');
    this.catalogue.named(caller, playbook.agent);
    return playbook;
  }

  /** The one that a message asks for in the usual words. */
  askedFor(caller: Principal, message: string): Playbook | undefined {
    const words = message.slice(0, 500).toLowerCase();
    return this.of(caller).find(({ asked }) => asked.test(words));
  }
}
