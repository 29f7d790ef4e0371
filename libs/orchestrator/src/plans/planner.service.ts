import { Injectable } from '@nestjs/common';
import { newId, Problem } from '@adiuva/kernel';
import { type Agent, type TurnContext, type Usage } from '@adiuva/agents';
import { addUsage, NO_USAGE } from '@adiuva/llm';
import { Log } from '@adiuva/platform';
import { AgentActionPlanner } from './agent-action-planner.service';
import { ExecutionPlanBuilder, PlanValidationError, type ExecutionPlan } from './execution-plan';
import { PlanCache, type CachedPlan } from './plan-cache.service';
import { PlanModel, type PlanDraft } from './plan-model.service';
import { PlaybookRegistry } from './playbook-registry.service';
import type { Playbook } from './playbooks';
import { PlanAllowlists } from './plan-allowlist.service';

interface Planned {
  readonly plan: ExecutionPlan;
  readonly agent: string;
  readonly usage: Usage;
}

/** Makes plans: from the cache, by the planner model, or from what the agents would do. */
@Injectable()
export class Planner {
  constructor(
    private readonly cache: PlanCache,
    private readonly model: PlanModel,
    private readonly playbooks: PlaybookRegistry,
    private readonly planAllowlists: PlanAllowlists,
    private readonly actionPlanner: AgentActionPlanner,
    private readonly log: Log,
  ) {}

  /** `named` are the agents that the caller has chosen; where there are none, any agent may. */
  async plan(turn: TurnContext, message: string, named: readonly Agent[]): Promise<Planned> {
    const names = named.map(({ name }) => name);
    const cacheable = named.every(({ custom }) => custom === undefined);
    const known = turn.journal.replaying || !cacheable ? undefined : this.cache.find(turn, message, names);
    if (known) return { plan: known, agent: known.agent, usage: NO_USAGE };
    const { made, usage } = await this.make(turn, message, named);
    // Results of client tools and what users write for their agents are not part of the key, so such a plan is not cached.
    if (cacheable && !turn.askClient && !turn.budget.exhausted) this.cache.keep(turn, message, names, made);
    return { plan: made.plan, agent: made.plan.agent, usage };
  }

  private async make(
    turn: TurnContext,
    message: string,
    named: readonly Agent[],
  ): Promise<{ made: CachedPlan; usage: Usage }> {
    const asked = await this.model.ask(turn, message, named);
    const planned = this.accepted(turn, named, asked.draft);
    if (planned) return { made: planned, usage: asked.usage };
    const playbook = named.length === 0 ? this.playbooks.askedFor(turn.caller, message) : undefined;
    if (playbook) return { made: fromPlaybook(playbook), usage: asked.usage };
    const done = await this.actionPlanner.plan(turn, message, named);
    return { made: done.made, usage: addUsage(asked.usage, done.usage) };
  }

  /** The model's plan, where it has made one that can be carried out. */
  private accepted(turn: TurnContext, named: readonly Agent[], draft: PlanDraft | undefined): CachedPlan | undefined {
    if (!draft) return undefined;
    try {
      if (draft.playbook !== undefined) return fromPlaybook(this.playbooks.named(turn.caller, draft.playbook));
      const builder = new ExecutionPlanBuilder(draft.agent, this.planAllowlists.of(turn.caller, named));
      for (const step of draft.steps) builder.add(step);
      return { plan: builder.build(newId()), shareable: false, ids: [] };
    } catch (error) {
      if (!(error instanceof PlanValidationError) && !(error instanceof Problem)) throw error;
      this.log.warn('plan_refused', { reason: error instanceof PlanValidationError ? error.message : error.code });
      return undefined;
    }
  }
}

function fromPlaybook({ agent, steps }: Playbook): CachedPlan {
  return { plan: { id: newId(), agent, steps }, shareable: true, ids: [] };
}
