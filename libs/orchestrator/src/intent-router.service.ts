import { Injectable } from '@nestjs/common';
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  type AIMessageChunk,
  type BaseMessage,
} from '@langchain/core/messages';
import { z } from 'zod';
import { Problem } from '@adiuva/kernel';
import type { Agent, AgentTask } from '@adiuva/agents';
import { Models, type ToolSchema } from '@adiuva/llm';
import { Log } from '@adiuva/platform';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import { ROUTE_DESCRIPTION, ROUTE_TOOL, ROUTER_PROMPT } from './router.prompt';

const HISTORY_SHOWN = 6;
const ROUTER_TIMEOUT_MS = 8_000;
const FALLBACK = 'task_agent';
const Choice = z.object({ agents: z.union([z.string().transform((name) => [name]), z.array(z.string())]) });

/** Reads the intent of a message with the small model. A router that fails or talks nonsense costs nothing: `task_agent` answers. */
@Injectable()
export class IntentRouter {
  private readonly prompt: Prompt;

  constructor(
    private readonly models: Models,
    private readonly log: Log,
    prompts: PromptRegistry,
  ) {
    this.prompt = prompts.define('router', ROUTER_PROMPT);
    prompts.protectTools('router', [routeTool([])]);
  }

  /** One of `agents`, which must not be empty. */
  async choose(agents: readonly [Agent, ...Agent[]], task: AgentTask, signal: AbortSignal): Promise<Agent> {
    const name = await this.ask(agents, task, signal);
    return agents.find((agent) => agent.name === name) ?? agents.find((agent) => agent.name === FALLBACK) ?? agents[0];
  }

  private async ask(agents: readonly Agent[], task: AgentTask, signal: AbortSignal): Promise<string | undefined> {
    const tools = [routeTool(agents.map((agent) => agent.name))];
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(ROUTER_TIMEOUT_MS)]);
    try {
      let whole: AIMessageChunk | undefined;
      for await (const chunk of this.models.stream(
        'router',
        { messages: this.question(agents, task), tools, mustCall: ROUTE_TOOL },
        bounded,
      )) {
        whole = whole ? whole.concat(chunk) : chunk;
      }
      return whole && chosen(whole, agents);
    } catch (error) {
      if (signal.aborted || (error instanceof Problem && error.code === 'not_configured')) throw error;
      this.log.warn('router_failed', { error });
      return undefined;
    }
  }

  private question(agents: readonly Agent[], task: AgentTask): BaseMessage[] {
    const list = agents.map(({ name, description }) => `- ${name}: ${description}`).join('\n');
    const history = (task.context.conversation_history ?? []).slice(-HISTORY_SHOWN);
    return [
      new SystemMessage(this.prompt.render({ agents: list })),
      ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
      new HumanMessage(task.message),
    ];
  }
}

function routeTool(names: readonly string[]): ToolSchema {
  const agents = { type: 'array', items: { type: 'string', enum: [...names] }, minItems: 1, maxItems: 1 };
  return {
    name: ROUTE_TOOL,
    description: ROUTE_DESCRIPTION,
    schema: { type: 'object', properties: { agents }, required: ['agents'] },
  };
}

/** From the tool call, or from the name of an agent in plain words where a model ignores the tool. */
function chosen(reply: AIMessageChunk, agents: readonly Agent[]): string | undefined {
  const parsed = Choice.safeParse(reply.tool_calls?.find((call) => call.name === ROUTE_TOOL)?.args);
  if (parsed.success) return parsed.data.agents[0];
  return agents.find((agent) => reply.text.includes(agent.name))?.name;
}
