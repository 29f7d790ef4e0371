import { Injectable } from '@nestjs/common';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { assistantMessage } from '@adiuva/llm';
import type { Agent } from './agent';
import { AnswerBuilder } from './answer-builder';
import { CALL_AGENT, CallAgentArguments, callAgentTool } from './delegate.tools';
import { timezoneOf } from './chat-context';
import type { ToolCall, Usage } from './journal';
import { ModelCaller } from './model-caller.service';
import type { PlanAction } from './tool';
import { ToolExecutor } from './tool-executor';
import type { TokenSink, TurnContext } from './turn-context';

export interface AgentJob {
  readonly agent: Agent;
  readonly message: string;
  /** Results of agents that ran earlier for this message. */
  readonly previousResults?: readonly PreviousResult[];
  /** Agents that the agent may call. */
  readonly delegates: readonly Agent[];
}

export interface AgentResult {
  readonly response: string;
  readonly actions: readonly PlanAction[];
  readonly usage: Usage;
  /** `length`: cut at the limit of output tokens; `tool_limit`: the rounds of tool calls are used up. */
  readonly finishReason: 'stop' | 'length' | 'tool_limit';
}

export interface PreviousResult extends Omit<AgentResult, 'usage' | 'finishReason'> {
  readonly agent: string;
}

const MAX_ROUNDS = 5;
const MAX_DEPTH = 3;
const NO_ANSWER =
  'I stopped after several rounds of looking things up and have no answer. Please ask for less at once.';

/** The tool loop: the model answers and calls tools until it calls none or the rounds are used up. */
@Injectable()
export class AgentRunner {
  constructor(private readonly modelCaller: ModelCaller) {}

  /** `emit` receives the answer in pieces; joined they are the `response`. An agent at depth `MAX_DEPTH` has no delegates. */
  async run(job: AgentJob, turn: TurnContext, emit: TokenSink, depth = 0): Promise<AgentResult> {
    const { agent } = job;
    const delegates = depth < MAX_DEPTH ? job.delegates.filter((other) => other !== agent) : [];
    const offered = delegates.length > 0 ? [...agent.tools, callAgentTool(delegates)] : agent.tools;
    const messages = opening(job, turn);
    const toolExecutor = new ToolExecutor(agent.tools, turn);
    const answerBuilder = new AnswerBuilder(emit);
    let finishReason: AgentResult['finishReason'] = 'stop';
    for (let round = 1; ; round += 1) {
      const last = round > MAX_ROUNDS;
      // After a change a model may have nothing to add.
      const mayBeEmpty = toolExecutor.actions.length > 0;
      const question = { messages, tools: offered, mayBeEmpty, ...(last ? { mayCall: false as const } : {}) };
      answerBuilder.startRound();
      const reply = await this.modelCaller.call(turn, 'agent', question, (piece) => answerBuilder.add(piece));
      answerBuilder.spend(reply.usage);
      if (last) finishReason = 'tool_limit';
      else if (reply.calls.length === 0) finishReason = reply.finishReason;
      if (reply.calls.length === 0 || last) break;
      messages.push(assistantMessage(reply));
      for (const { id, name, content } of await this.use(reply.calls, toolExecutor, job, turn, answerBuilder, depth)) {
        messages.push(new ToolMessage({ tool_call_id: id, name, content }));
      }
    }
    if (answerBuilder.text === '' && toolExecutor.actions.length === 0) await answerBuilder.add(NO_ANSWER);
    return { response: answerBuilder.text, actions: toolExecutor.actions, usage: answerBuilder.usage, finishReason };
  }

  /** The results of one reply's calls, in their order. The calls that the client must run are sent to it together. */
  private async use(
    calls: readonly ToolCall[],
    toolExecutor: ToolExecutor,
    job: AgentJob,
    turn: TurnContext,
    answerBuilder: AnswerBuilder,
    depth: number,
  ) {
    const results = await toolExecutor.execute(calls.filter(({ name }) => name !== CALL_AGENT));
    for (const call of calls.filter(({ name }) => name === CALL_AGENT)) {
      results.set(call, await this.callAgent(call, toolExecutor, job, turn, answerBuilder, depth));
    }
    return calls.map((call) => ({ ...call, content: results.get(call) ?? '' }));
  }

  private async callAgent(
    call: ToolCall,
    toolExecutor: ToolExecutor,
    job: AgentJob,
    turn: TurnContext,
    answerBuilder: AnswerBuilder,
    depth: number,
  ): Promise<string> {
    if (depth >= MAX_DEPTH) return JSON.stringify({ error: 'Agents may not call each other any deeper' });
    const wanted = CallAgentArguments.safeParse(call.args);
    const agent = job.delegates.find(({ name }) => wanted.success && name === wanted.data.agent);
    if (!wanted.success || !agent || agent === job.agent)
      return JSON.stringify({ error: 'There is no such agent to call' });
    const inner = { agent, message: wanted.data.message, delegates: job.delegates };
    const result = await this.run(inner, turn, () => undefined, depth + 1);
    answerBuilder.spend(result.usage);
    toolExecutor.addActions(result.actions);
    return JSON.stringify({ agent: agent.name, response: result.response, actions: result.actions });
  }
}

function opening({ agent, message, previousResults }: AgentJob, { context, now }: TurnContext): BaseMessage[] {
  const { conversation_history: history = [], ...shown } = context;
  const known = {
    now: now.toISOString(),
    ...shown,
    timezone: timezoneOf(context),
    ...(previousResults && previousResults.length > 0 ? { previous_results: previousResults } : {}),
  };
  // A context that could close its own brackets could speak as if it were instructions.
  const json = JSON.stringify(known).replaceAll('<', '\\u003c');
  return [
    new SystemMessage(agent.prompt.render({ agent: agent.name, context: json })),
    ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
    new HumanMessage(message),
  ];
}
