import { Injectable } from '@nestjs/common';
import { newId, Problem, TIERS, type Principal } from '@adiuva/kernel';
import {
  AgentCatalogue,
  assertArguments,
  Journal,
  rememberTool,
  runTool,
  ToolCatalogue,
  TurnBudget,
  type AgentTool,
  type PlanAction,
} from '@adiuva/agents';
import { Memories } from '@adiuva/automations';
import { GatewayRuns } from './gateway-runs.service';
import type { GatewayStep } from './gateway-step';

/** The user for whom a worker acts, and what its token allows. */
export interface AgentCaller {
  readonly principal: Principal;
  readonly scopes: readonly string[];
}

/** `runId` alone where a device must be asked; beside a result it is the run whose action the app carries out. */
export type ToolCallOutcome =
  | { readonly kind: 'result'; readonly result: unknown; readonly runId: string | null }
  | { readonly kind: 'run'; readonly runId: string };

type Arguments = Readonly<Record<string, unknown>>;

/** Tools as workers outside use them: the ones that the user's own agents have, within the scopes of the token. */
@Injectable()
export class GatewayTools {
  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly tools: ToolCatalogue,
    private readonly memories: Memories,
    private readonly runs: GatewayRuns,
  ) {}

  /** @throws `not_found`, `forbidden` outside the scopes, `upgrade_required`, `validation_failed`, `unprocessable` for a tool of agents alone */
  async call({ principal, scopes }: AgentCaller, name: string, args: Arguments): Promise<ToolCallOutcome> {
    this.tools.get(name);
    if (!scopes.includes('tools:*') && !scopes.includes(`tools:${name}`))
      throw new Problem('forbidden', { detail: `The token has no scope tools:${name}` });
    if (name === 'remember') return this.remember(principal, args);
    const tool = this.toolOf(principal, name);
    if (tool.kind === 'read') {
      assertArguments(tool, args);
      return { kind: 'run', runId: await this.runs.start(principal, { tool: name, arguments: args, action: null }) };
    }
    const { value, actions } = await this.act(principal, tool, args);
    const [action = null] = actions;
    return {
      kind: 'result',
      result: value,
      runId: await this.runs.start(principal, { tool: name, arguments: args, action: withId(action) }),
    };
  }

  private toolOf({ tier }: Principal, name: string): AgentTool {
    const has = (of: Principal['tier']) =>
      this.catalogue.of(of).some(({ tools }) => tools.some((t) => t.name === name));
    const [tool] = this.tools.of([name]);
    if (!tool) throw new Problem('unprocessable', { detail: 'This tool is for agents alone' });
    if (has(tier)) return tool;
    throw new Problem('upgrade_required', { members: { required_tier: TIERS.find(has) ?? 'team' } });
  }

  private async remember(caller: Principal, args: Arguments): Promise<ToolCallOutcome> {
    const tool = rememberTool(async (content) => {
      const { id } = await this.memories.create(caller, { agent: null, content });
      return { id };
    });
    assertArguments(tool, args);
    const result = await tool.run(args, newId());
    await this.runs.recordCall(caller, 'remember');
    return { kind: 'result', result, runId: null };
  }

  private async act(caller: Principal, tool: AgentTool, args: Arguments) {
    const budget = new TurnBudget();
    try {
      return await runTool(tool, args, {
        caller,
        context: {},
        now: new Date(),
        journal: new Journal(),
        budget,
        addUserTexts: () => undefined,
        signal: budget.signal,
      });
    } finally {
      budget.end();
    }
  }
}

function withId(action: PlanAction | null): GatewayStep['action'] {
  return action && { ...action, id: newId(), data: action.data && { ...action.data } };
}
