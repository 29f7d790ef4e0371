import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { AgentCatalogue, type Agent, type TurnContext, type Usage } from '@adiuva/agents';
import { addUsage, NO_USAGE } from '@adiuva/llm';
import { IntentRouter } from '../intent-router.service';
import { Pipeline } from '../pipeline.service';
import { ExecutionPlanBuilder, MAX_STEPS } from './execution-plan';
import type { CachedPlan } from './plan-cache.service';
import { PlanAllowlists } from './plan-allowlist.service';

/** Turns the actions of agents into a plan: each action is a step; where there is none, one `call_agent` step hands the message over. */
@Injectable()
export class AgentActionPlanner {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly router: IntentRouter,
    private readonly pipeline: Pipeline,
    private readonly planAllowlists: PlanAllowlists,
  ) {}

  async plan(turn: TurnContext, message: string, named: readonly Agent[]): Promise<{ made: CachedPlan; usage: Usage }> {
    const route =
      named.length > 0
        ? { agents: named, usage: NO_USAGE }
        : await this.router.classifyIntent(this.catalogue.of(turn.caller.tier), message, turn);
    const { actions, usage } = await this.pipeline.work(route.agents, message, turn);
    const first = route.agents[0]?.name ?? 'task_agent';
    const builder = new ExecutionPlanBuilder(first, this.planAllowlists.of(turn.caller, named));
    for (const { type, table, data, agent } of actions.slice(0, MAX_STEPS)) {
      const variables = table === null ? { ...data, ...(agent === null ? {} : { agent }) } : { table, data };
      builder.add({ action: type, promptTemplate: null, variables, dataFromStep: null });
    }
    if (actions.length === 0) {
      builder.add({
        action: 'call_agent',
        promptTemplate: null,
        variables: { agent: first, message },
        dataFromStep: null,
      });
    }
    const ids = actions.flatMap(({ type, data }) =>
      type === 'create_record' && typeof data?.['id'] === 'string' ? data['id'] : [],
    );
    return { made: { plan: builder.build(newId()), shareable: false, ids }, usage: addUsage(route.usage, usage) };
  }
}
