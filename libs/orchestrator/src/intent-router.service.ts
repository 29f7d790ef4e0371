import { Injectable } from '@nestjs/common';
import { AIMessage, HumanMessage, SystemMessage, type BaseMessage } from '@langchain/core/messages';
import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import { ModelCaller, timezoneOf, type Agent, type TurnContext, type Usage } from '@adiuva/agents';
import { Models, NO_USAGE, type ToolSchema } from '@adiuva/llm';
import { Log } from '@adiuva/platform';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import { ROUTE_DESCRIPTION, ROUTE_TOOL, ROUTER_PROMPT } from './router.prompt';

export interface Route {
  /** At least one, each once, in the order in which they work. */
  readonly agents: readonly Agent[];
  readonly usage: Usage;
}

const HISTORY_SHOWN = 6;
const ROUTER_TIMEOUT_MS = 8_000;
const MAX_AGENTS = 5;
const FALLBACK = 'task_agent';
const Choice = z.object({ agents: z.union([z.string().transform((name) => [name]), z.array(z.string())]) });

/** Reads the intent of a message with the small model. Where the router fails, `task_agent` answers. */
@Injectable()
export class IntentRouter {
  private readonly prompt: Prompt;

  constructor(
    private readonly modelCaller: ModelCaller,
    private readonly models: Models,
    private readonly log: Log,
    prompts: PromptRegistry,
  ) {
    this.prompt = prompts.define('router', ROUTER_PROMPT);
    prompts.protectTools('router', [routeTool([])]);
  }

  /** Some of `agents`, which must not be empty. */
  async classifyIntent(agents: readonly Agent[], message: string, turn: TurnContext): Promise<Route> {
    const [first] = agents;
    if (first && agents.length === 1) return { agents: [first], usage: NO_USAGE };
    const { names, usage } = await this.ask(agents, message, turn);
    const chosen = [...new Set(names)].flatMap((name) => agents.find((agent) => agent.name === name) ?? []);
    if (chosen.length > 0) return { agents: chosen.slice(0, MAX_AGENTS), usage };
    const fallback = agents.find((agent) => agent.name === FALLBACK) ?? first;
    if (!fallback) throw new Error('every tier has an agent');
    return { agents: [fallback], usage };
  }

  private async ask(
    agents: readonly Agent[],
    message: string,
    turn: TurnContext,
  ): Promise<{ names: readonly string[]; usage: Usage }> {
    const tools = [routeTool(agents.map((agent) => agent.name))];
    const question = { messages: this.question(agents, message, turn), tools, mustCall: ROUTE_TOOL };
    const bounded = AbortSignal.any([turn.signal, AbortSignal.timeout(ROUTER_TIMEOUT_MS)]);
    try {
      const reply = await this.modelCaller.call(turn, 'router', question, undefined, bounded);
      const parsed = Choice.safeParse(reply.calls.find((call) => call.name === ROUTE_TOOL)?.args);
      // Where a model ignores the tool, the name of an agent in plain words will do.
      const named = agents.filter((agent) => reply.text.includes(agent.name)).map(({ name }) => name);
      return { names: parsed.success ? parsed.data.agents : named.slice(0, 1), usage: reply.usage };
    } catch (error) {
      if (turn.signal.aborted || (error instanceof Problem && FINAL.has(error.code))) throw error;
      this.log.warn('router_failed', { error });
      // A failed call is recorded as an empty reply, so that a replay finds an entry for it.
      await turn.journal.reply(() => Promise.resolve({ text: '', calls: [], usage: NO_USAGE, finishReason: 'stop' }));
      return { names: [], usage: NO_USAGE };
    }
  }

  private question(agents: readonly Agent[], message: string, turn: TurnContext): BaseMessage[] {
    const { context } = turn;
    const list = agents.map(({ name, description }) => `- ${name}: ${description}`).join('\n');
    const history = (context.conversation_history ?? []).slice(-HISTORY_SHOWN);
    return [
      new SystemMessage(this.prompt.render({ agents: list }) + this.knownNames(turn)),
      ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
      new HumanMessage(message),
    ];
  }

  /** The built-in command reader routes "archive Atlas" by what it knows of that name; tokens cost it nothing. */
  private knownNames({ context, now }: TurnContext): string {
    if (!this.models.isOffline('router')) return '';
    const { conversation_history: _, ...shown } = context;
    const facts = JSON.stringify({ now: now.toISOString(), ...shown, timezone: timezoneOf(context) });
    return `\n<context>\n${facts.replaceAll('<', '\\u003c')}\n</context>`;
  }
}

/** Failures that the call of the agent would repeat. */
const FINAL: ReadonlySet<string> = new Set(['not_configured', 'quota_exceeded', 'unauthenticated']);

function routeTool(names: readonly string[]): ToolSchema {
  const agents = { type: 'array', items: { type: 'string', enum: [...names] }, minItems: 1, maxItems: MAX_AGENTS };
  return {
    name: ROUTE_TOOL,
    description: ROUTE_DESCRIPTION,
    schema: { type: 'object', properties: { agents }, required: ['agents'] },
  };
}
