import { Injectable } from '@nestjs/common';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import type { Agent } from './agent';
import { Answer } from './answer';
import { CALL_AGENT, CallAgentArguments, callAgentTool } from './call-agent.tools';
import { timezoneOf } from './chat-context';
import type { Reply, ToolCall, Usage } from './journal';
import { Thinking } from './thinking.service';
import type { PlanAction } from './tool';
import { Toolbox } from './toolbox';
import type { Hear, Turn } from './turn';

export interface AgentJob {
  readonly agent: Agent;
  readonly message: string;
  /** What other agents have done for this message before. */
  readonly previousResults?: readonly PreviousResult[];
  /** Whom the agent may call. */
  readonly colleagues: readonly Agent[];
}

export interface AgentResult {
  readonly response: string;
  readonly actions: readonly PlanAction[];
  readonly usage: Usage;
}

export interface PreviousResult extends Omit<AgentResult, 'usage'> {
  readonly agent: string;
}

const MOST_ROUNDS = 5;
const DEEPEST_CALL = 3;
const NO_WORDS = 'I stopped after several rounds of looking things up and have no answer. Please ask for less at once.';

/** The tool loop: the model speaks and asks for tools, the tools answer, until it asks for none or five rounds are over. */
@Injectable()
export class AgentRunner {
  constructor(private readonly thinking: Thinking) {}

  /** `say` gets the answer piece by piece; the pieces joined are the `response`. An agent at depth `DEEPEST_CALL` calls nobody. */
  async run(job: AgentJob, turn: Turn, say: Hear, depth = 0): Promise<AgentResult> {
    const { agent } = job;
    const colleagues = depth < DEEPEST_CALL ? job.colleagues.filter((other) => other !== agent) : [];
    const offered = colleagues.length > 0 ? [...agent.tools, callAgentTool(colleagues)] : agent.tools;
    const messages = opening(job, turn);
    const toolbox = new Toolbox(agent.tools, turn);
    const answer = new Answer(say);
    for (let round = 1; ; round += 1) {
      const last = round > MOST_ROUNDS;
      const question = { messages, tools: offered, ...(last ? { mayCall: false as const } : {}) };
      answer.startRound();
      const reply = await this.thinking.ask(turn, 'agent', question, (piece) => answer.add(piece));
      answer.spend(reply.usage);
      if (reply.calls.length === 0 || last) break;
      messages.push(spoken(reply));
      for (const { id, name, content } of await this.use(reply.calls, toolbox, job, turn, answer, depth)) {
        messages.push(new ToolMessage({ tool_call_id: id, name, content }));
      }
    }
    if (answer.text === '' && toolbox.actions.length === 0) await answer.add(NO_WORDS);
    return { response: answer.text, actions: toolbox.actions, usage: answer.usage };
  }

  /** The results of one reply's calls, in their order. The client is asked for all that it must look up at once. */
  private async use(
    calls: readonly ToolCall[],
    toolbox: Toolbox,
    job: AgentJob,
    turn: Turn,
    answer: Answer,
    depth: number,
  ) {
    const results = await toolbox.use(calls.filter(({ name }) => name !== CALL_AGENT));
    for (const call of calls.filter(({ name }) => name === CALL_AGENT)) {
      results.set(call, await this.callAgent(call, toolbox, job, turn, answer, depth));
    }
    return calls.map((call) => ({ ...call, content: results.get(call) ?? '' }));
  }

  private async callAgent(
    call: ToolCall,
    toolbox: Toolbox,
    job: AgentJob,
    turn: Turn,
    answer: Answer,
    depth: number,
  ): Promise<string> {
    if (depth >= DEEPEST_CALL) return JSON.stringify({ error: 'Agents may not call each other any deeper' });
    const wanted = CallAgentArguments.safeParse(call.args);
    const agent = job.colleagues.find(({ name }) => wanted.success && name === wanted.data.agent);
    if (!wanted.success || !agent || agent === job.agent)
      return JSON.stringify({ error: 'There is no such agent to call' });
    const inner = { agent, message: wanted.data.message, colleagues: job.colleagues };
    const result = await this.run(inner, turn, () => undefined, depth + 1);
    answer.spend(result.usage);
    toolbox.adopt(result.actions);
    return JSON.stringify({ agent: agent.name, response: result.response, actions: result.actions });
  }
}

function opening({ agent, message, previousResults }: AgentJob, { context, now }: Turn): BaseMessage[] {
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

function spoken({ text, calls }: Reply): AIMessage {
  const toolCalls = calls.map(({ id, name, args }) => ({
    id,
    name,
    args: isObject(args) ? args : {},
    type: 'tool_call' as const,
  }));
  return new AIMessage({ content: text, tool_calls: toolCalls });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
