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
import { UserEncryption } from '@adiuva/auth';
import { Memories } from '@adiuva/automations';
import { Database } from '@adiuva/platform';
import { RunStarter } from '@adiuva/runs';
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
    private readonly starter: RunStarter,
    private readonly encryption: UserEncryption,
    private readonly database: Database,
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
      return { kind: 'run', runId: await this.start(principal, { tool: name, arguments: args, action: null }) };
    }
    const { value, actions } = await this.act(principal, tool, args);
    const [action = null] = actions;
    return {
      kind: 'result',
      result: value,
      runId: await this.start(principal, { tool: name, arguments: args, action: withId(action) }),
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
    return { kind: 'result', result: await tool.run(args, newId()), runId: null };
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

  private async start({ userId }: Principal, step: GatewayStep): Promise<string> {
    const cipher = await this.encryption.open(userId);
    return this.database.transaction(async (tx) => {
      const started = await this.starter.start(tx, userId, cipher, {
        kind: 'gateway',
        trigger: 'api',
        input: null,
        steps: [{ name: step.tool, kind: 'tool', dependsOn: [], body: step }],
      });
      if (started === undefined) throw new Error('a run without a slot is always made');
      return started;
    });
  }
}

function withId(action: PlanAction | null): GatewayStep['action'] {
  return action && { ...action, id: newId(), data: action.data && { ...action.data } };
}
