import { Injectable } from '@nestjs/common';
import type { Principal } from '@adiuva/kernel';
import {
  AgentCatalogue,
  AgentResolver,
  type Agent,
  type AgentResult,
  type PreviousResult,
  type TokenSink,
  type TurnContext,
  type Usage,
} from '@adiuva/agents';
import { addUsage, NO_USAGE } from '@adiuva/llm';
import { IntentRouter } from './intent-router.service';
import { Pipeline } from './pipeline.service';
import type { ExecutionPlan } from './plans/execution-plan';
import { Planner } from './plans/planner.service';

export interface AnswerRequest {
  readonly message: string;
  /** Agents that the caller names, in their order; otherwise the router chooses. */
  readonly agents?: readonly string[] | undefined;
  /** What was done before for the same purpose. */
  readonly previousResults?: readonly PreviousResult[];
}

export interface OrchestratorRequest extends AnswerRequest {
  readonly mode: 'direct' | 'plan';
}

export interface AnswerResult extends AgentResult {
  readonly kind: 'answer';
  /** Who answered; the names of a pipeline are joined by commas. */
  readonly agent: string;
}

export interface PlanResult {
  readonly kind: 'plan';
  readonly plan: ExecutionPlan;
  readonly agent: string;
  readonly usage: Usage;
  /** `tool_limit`: the budget of the message ended before the plan was complete. */
  readonly finishReason: AgentResult['finishReason'];
}

const LIMIT_REACHED =
  'I stopped here: this message has reached its limit of steps. Changes listed so far are kept; please ask again for the rest.';

/** Routes a message to agents and runs them, or makes a plan. */
@Injectable()
export class Orchestrator {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly agents: AgentResolver,
    private readonly router: IntentRouter,
    private readonly pipeline: Pipeline,
    private readonly planner: Planner,
  ) {}

  /** Throws `validation_failed` or `upgrade_required` for agents that the caller names and may not use. */
  async check(caller: Principal, names: readonly string[] | undefined): Promise<void> {
    await this.named(caller, names);
  }

  async run(turn: TurnContext, request: OrchestratorRequest, emit: TokenSink): Promise<AnswerResult | PlanResult> {
    if (request.mode === 'plan') {
      const planned = await this.planner.plan(turn, request.message, await this.named(turn.caller, request.agents));
      return { kind: 'plan', ...planned, finishReason: turn.budget.exhausted ? 'tool_limit' : 'stop' };
    }
    return this.answer(turn, request, emit);
  }

  async answer(turn: TurnContext, request: AnswerRequest, emit: TokenSink): Promise<AnswerResult> {
    const { agents, usage } = await this.route(turn, request);
    const { message, previousResults = [] } = request;
    const result = await this.pipeline.run(agents, { message, previousResults }, turn, emit);
    const agent = agents.map(({ name }) => name).join(', ');
    const answer = { kind: 'answer' as const, ...result, agent, usage: addUsage(usage, result.usage) };
    return turn.budget.exhausted ? tellLimit(answer, emit) : answer;
  }

  private async route(turn: TurnContext, request: AnswerRequest): Promise<{ agents: readonly Agent[]; usage: Usage }> {
    const named = await this.named(turn.caller, request.agents);
    if (named.length > 0) return { agents: named, usage: NO_USAGE };
    return this.router.classifyIntent(this.catalogue.of(turn.caller.tier), request.message, turn);
  }

  private named(caller: Principal, names: readonly string[] = []): Promise<readonly Agent[]> {
    return Promise.all(names.map((name) => this.agents.named(caller, name)));
  }
}

/** The user is told that the answer is incomplete; actions so far are kept. */
async function tellLimit(answer: AnswerResult, emit: TokenSink): Promise<AnswerResult> {
  const text = answer.response === '' ? LIMIT_REACHED : `\n\n${LIMIT_REACHED}`;
  await emit(text);
  return { ...answer, response: answer.response + text, finishReason: 'tool_limit' };
}
