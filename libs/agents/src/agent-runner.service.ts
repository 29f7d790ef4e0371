import { Injectable } from '@nestjs/common';
import {
  AIMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type AIMessageChunk,
  type BaseMessage,
} from '@langchain/core/messages';
import { ZodError } from 'zod';
import { Clock, newId } from '@adiuva/kernel';
import { Models, usageOf } from '@adiuva/llm';
import { Log } from '@adiuva/platform';
import type { Agent } from './agent';
import { timezoneOf, type ChatContext } from './chat-context';
import type { PlanAction, ToolContext } from './tool';

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface AgentTask {
  readonly message: string;
  readonly context: ChatContext;
}

export interface AgentResult {
  readonly response: string;
  readonly actions: readonly PlanAction[];
  readonly usage: Usage;
}

/** Takes the answer piece by piece; `false` says that the model must be stopped. */
export type Say = (text: string) => boolean;

interface ToolCall {
  readonly id?: string;
  readonly name: string;
  readonly args: unknown;
}

const MOST_ROUNDS = 5;
const MOST_ACTIONS = 100;
const LONGEST_RESULT = 64_000;

/** The tool loop: the model speaks and asks for tools, the tools answer, until it asks for none or five rounds are over. */
@Injectable()
export class AgentRunner {
  constructor(
    private readonly models: Models,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** `say` gets the answer piece by piece; the pieces joined are the `response`. */
  async run(agent: Agent, task: AgentTask, say: Say, signal: AbortSignal): Promise<AgentResult> {
    const now = this.clock.now();
    const tools: ToolContext = { context: task.context, now, newId };
    const messages: BaseMessage[] = opening(agent, task, now);
    const actions: PlanAction[] = [];
    const answer = new Answer(say);
    for (let round = 1; ; round += 1) {
      const offered = round <= MOST_ROUNDS ? agent.tools : [];
      const reply = await this.ask(offered, messages, answer, signal);
      if (answer.stopped || !reply?.tool_calls?.length || offered.length === 0)
        return { response: answer.text, actions, usage: answer.usage };
      messages.push(new AIMessage({ content: reply.text, tool_calls: reply.tool_calls }));
      for (const call of reply.tool_calls) {
        messages.push(
          new ToolMessage({
            tool_call_id: call.id ?? '',
            name: call.name,
            content: this.use(agent, call, tools, actions),
          }),
        );
      }
    }
  }

  private async ask(
    tools: Agent['tools'],
    messages: readonly BaseMessage[],
    answer: Answer,
    signal: AbortSignal,
  ): Promise<AIMessageChunk | undefined> {
    answer.startRound();
    let whole: AIMessageChunk | undefined;
    for await (const chunk of this.models.stream('agent', { messages, tools }, signal)) {
      answer.add(chunk);
      if (answer.stopped) break;
      whole = whole ? whole.concat(chunk) : chunk;
    }
    return whole;
  }

  /** What the model asks for is input like any other: unknown tools and wrong arguments become an error that it can read. */
  private use(agent: Agent, call: ToolCall, context: ToolContext, actions: PlanAction[]): string {
    const tool = agent.tools.find((candidate) => candidate.name === call.name);
    if (!tool) return JSON.stringify({ error: 'There is no such tool' });
    try {
      const outcome = tool.use(call.args, context);
      if ('result' in outcome) return JSON.stringify(outcome.result).slice(0, LONGEST_RESULT);
      if (actions.length >= MOST_ACTIONS) return JSON.stringify({ error: 'Too many changes for one message' });
      actions.push(outcome.action);
      return JSON.stringify({ ok: true, action: outcome.action });
    } catch (error) {
      this.log.debug('tool_refused', { agent: agent.name, tool: tool.name });
      if (!(error instanceof ZodError)) throw error;
      return JSON.stringify({
        error: `Wrong arguments: ${error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
      });
    }
  }
}

/** What the user hears: the text of all rounds, with an empty line between two that both speak. */
class Answer {
  text = '';
  usage: Usage = { inputTokens: 0, outputTokens: 0 };
  stopped = false;
  private pendingBreak = false;

  constructor(private readonly say: Say) {}

  startRound(): void {
    this.pendingBreak = this.text !== '';
  }

  add(chunk: AIMessageChunk): void {
    const used = usageOf(chunk);
    if (used) {
      this.usage = {
        inputTokens: this.usage.inputTokens + used.input_tokens,
        outputTokens: this.usage.outputTokens + used.output_tokens,
      };
    }
    const piece = chunk.text;
    if (piece === '') return;
    const spoken = this.pendingBreak ? `\n\n${piece}` : piece;
    this.pendingBreak = false;
    this.text += spoken;
    this.stopped = !this.say(spoken);
  }
}

function opening(agent: Agent, task: AgentTask, now: Date): BaseMessage[] {
  const { conversation_history: history = [], ...shown } = task.context;
  const context = JSON.stringify({ now: now.toISOString(), ...shown, timezone: timezoneOf(task.context) }).replaceAll(
    '<',
    '\\u003c',
  );
  return [
    new SystemMessage(agent.prompt.render({ agent: agent.name, context })),
    ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
    new HumanMessage(task.message),
  ];
}
