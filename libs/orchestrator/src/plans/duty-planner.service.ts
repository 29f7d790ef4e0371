import { Injectable } from '@nestjs/common';
import { newId } from '@adiuva/kernel';
import { added, AgentCatalogue, type Agent, type Turn, type Usage } from '@adiuva/agents';
import { IntentRouter } from '../intent-router.service';
import { Pipeline } from '../pipeline.service';
import { ExecutionPlanBuilder } from './execution-plan';
import type { MadePlan } from './plan-cache.service';
import { Vocabulary } from './vocabulary.service';

const NOTHING: Usage = { inputTokens: 0, outputTokens: 0 };

/** What agents would do, as a plan: each change is a step, and where there is none, their duty is handed over. */
@Injectable()
export class DutyPlanner {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly router: IntentRouter,
    private readonly pipeline: Pipeline,
    private readonly vocabulary: Vocabulary,
  ) {}

  async plan(turn: Turn, message: string, named: readonly Agent[]): Promise<{ made: MadePlan; usage: Usage }> {
    const route =
      named.length > 0
        ? { agents: named, usage: NOTHING }
        : await this.router.classifyIntent(this.catalogue.of(turn.caller.tier), message, turn);
    const { actions, usage } = await this.pipeline.work(route.agents, message, turn);
    const first = route.agents[0]?.name ?? 'task_agent';
    const builder = new ExecutionPlanBuilder(first, this.vocabulary.of(turn.caller));
    for (const { type, table, data } of actions) {
      builder.add({ action: type, promptTemplate: null, variables: { table, data }, dataFromStep: null });
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
    return { made: { plan: builder.build(newId()), common: false, ids }, usage: added(route.usage, usage) };
  }
}
