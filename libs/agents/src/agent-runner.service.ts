import { Injectable } from '@nestjs/common';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { assistantMessage } from '@adiuva/llm';
import { Tracing } from '@adiuva/platform';
import type { Agent } from './agent';
import { publicInstructions } from './public-instructions';
import { AnswerBuilder } from './answer-builder';
import { CALL_AGENT, CallAgentArguments, callAgentTool } from './delegate.tools';
import { timezoneOf } from './chat-context';
import type { ToolCall, Usage } from './journal';
import { ModelCaller } from './model-caller.service';
import type { PlanAction } from './tool';
import { ToolExecutor } from './tool-executor';
import { BudgetExhausted } from './turn-budget';
import type { TokenSink, TurnContext } from './turn-context';

export interface AgentJob {
  readonly agent: Agent;
  readonly message: string;
  /** Results of agents that ran earlier for this message. */
  readonly previousResults?: readonly PreviousResult[];
  /** Agents that the agent may call. */
  readonly delegates: readonly Agent[];
  /** Model calls of the turn's budget that the agent must leave for others; none unless given. */
  readonly reserved?: number;
  /** Rounds of tool calls; 5 unless given. */
  readonly rounds?: number;
}

export interface AgentResult {
  readonly response: string;
  readonly actions: readonly PlanAction[];
  readonly usage: Usage;
  /** `length`: cut at the limit of output tokens; `tool_limit`: the rounds of tool calls or the budget of the message are used up. */
  readonly finishReason: 'stop' | 'length' | 'tool_limit';
}

export interface PreviousResult extends Omit<AgentResult, 'usage' | 'finishReason'> {
  readonly agent: string;
}

/** One agent at work: what its rounds share. */
interface AgentRun {
  readonly job: AgentJob;
  readonly turn: TurnContext;
  readonly tools: ToolExecutor;
  readonly answer: AnswerBuilder;
  readonly depth: number;
}

const MAX_ROUNDS = 5;
const MAX_DEPTH = 3;
const NO_ANSWER =
  'I stopped after several rounds of looking things up and have no answer. Please ask for less at a time.';

/** The tool loop: the model answers and calls tools until it calls none, or the rounds or the budget of the message are used up. */
@Injectable()
export class AgentRunner {
  constructor(
    private readonly modelCaller: ModelCaller,
    private readonly tracing: Tracing,
  ) {}

  /** `emit` receives the answer in pieces; joined they are the `response`. An agent at depth `MAX_DEPTH` has no delegates. */
  run(job: AgentJob, turn: TurnContext, emit: TokenSink, depth = 0): Promise<AgentResult> {
    // What users call their agents is content.
    const name = job.agent.custom ? 'custom' : job.agent.name;
    return this.tracing.span(
      `invoke_agent ${name}`,
      { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': name },
      () => this.answer(job, turn, emit, depth),
    );
  }

  private async answer(job: AgentJob, turn: TurnContext, emit: TokenSink, depth: number): Promise<AgentResult> {
    const answer = new AnswerBuilder(emit);
    const { custom, memories = [] } = job.agent;
    turn.addUserTexts([...(custom ? [custom.instructions] : []), ...memories]);
    const tools = new ToolExecutor(
      job.agent.tools,
      turn,
      job.delegates.map(({ name }) => name),
      this.tracing,
    );
    const run: AgentRun = { job, turn, tools, answer, depth };
    let finishReason: AgentResult['finishReason'] = 'tool_limit';
    try {
      finishReason = await this.rounds(run);
    } catch (error) {
      if (answer.text === '' && tools.actions.length === 0 && !(error instanceof BudgetExhausted)) throw error;
      turn.budget.absorb(error);
    }
    if (answer.text === '' && !tools.hasActed && !turn.budget.exhausted) await answer.add(NO_ANSWER);
    return { response: answer.text, actions: tools.actions, usage: answer.usage, finishReason };
  }

  private async rounds(run: AgentRun): Promise<AgentResult['finishReason']> {
    const { job, turn, tools, answer, depth } = run;
    const delegates = delegatesOf(job, depth);
    const offered = delegates.length > 0 ? [...job.agent.tools, callAgentTool(delegates)] : job.agent.tools;
    const messages = opening(job, turn);
    const publicInstructions = publicInstructionsOf(job, turn);
    const { rounds = MAX_ROUNDS } = job;
    for (let round = 1; ; round += 1) {
      const left = turn.budget.modelCallsLeft - (job.reserved ?? 0);
      const last = round > rounds || left === 1 || turn.budget.toolCallsLeft === 0;
      if (left <= 0 || (last && round <= rounds)) turn.budget.refuse();
      if (left <= 0) return 'tool_limit';
      // After a change a model may have nothing to add.
      const mayBeEmpty = tools.hasActed;
      const question = {
        messages,
        tools: offered,
        mayBeEmpty,
        ...(publicInstructions === undefined ? {} : { publicInstructions }),
        ...(last ? { mayCall: false as const } : {}),
      };
      answer.startRound();
      const reply = await this.modelCaller.call(
        turn,
        job.agent.modelRole ?? job.agent.custom?.modelRole ?? 'agent',
        question,
        (piece) => answer.add(piece),
      );
      answer.spend(reply.usage);
      if (last) return 'tool_limit';
      if (reply.calls.length === 0) return reply.finishReason;
      messages.push(assistantMessage(reply));
      for (const { id, name, content } of await this.use(run, reply.calls)) {
        messages.push(new ToolMessage({ tool_call_id: id, name, content }));
      }
    }
  }

  /** The results of one reply's calls, in their order. The calls that the client must run are sent to it together. */
  private async use(run: AgentRun, calls: readonly ToolCall[]) {
    const granted = calls.slice(0, run.turn.budget.takeToolCalls(calls.length));
    const results = await run.tools.execute(granted.filter(({ name }) => name !== CALL_AGENT));
    for (const call of granted.filter(({ name }) => name === CALL_AGENT)) {
      results.set(call, await this.callAgent(run, call));
    }
    const refusal = JSON.stringify({ error: 'The tool calls of this message are used up' });
    return calls.map((call) => ({ ...call, content: results.get(call) ?? refusal }));
  }

  private async callAgent({ job, turn, tools, answer, depth }: AgentRun, call: ToolCall): Promise<string> {
    if (depth >= MAX_DEPTH) return JSON.stringify({ error: 'Agents may not call each other any deeper' });
    const wanted = CallAgentArguments.safeParse(call.args);
    const agent = delegatesOf(job, depth).find(({ name }) => wanted.success && name === wanted.data.agent);
    if (!wanted.success || !agent) return JSON.stringify({ error: 'There is no such agent to call' });
    const { delegates, reserved = 0 } = job;
    const inner = { agent, message: wanted.data.message, delegates, reserved: reserved + 1 };
    const result = await this.run(inner, turn, () => undefined, depth + 1);
    answer.spend(result.usage);
    tools.addActions(result.actions);
    return JSON.stringify({ agent: agent.name, response: result.response, actions: result.actions });
  }
}

function delegatesOf({ agent, delegates }: AgentJob, depth: number): readonly Agent[] {
  if (depth >= MAX_DEPTH || agent.mayCallAgents === false) return [];
  return delegates.filter((other) => other !== agent);
}

/** Of an agent with a role of its own there are none: its prompt is its work. Written when a provider of the user is asked. */
function publicInstructionsOf(job: AgentJob, turn: TurnContext): (() => string) | undefined {
  const { name, description, modelRole, custom } = job.agent;
  return modelRole === undefined
    ? () => publicInstructions({ name, description, own: custom?.instructions, context: contextOf(job, turn) })
    : undefined;
}

function opening(job: AgentJob, turn: TurnContext): BaseMessage[] {
  const { conversation_history: history = [] } = turn.context;
  return [
    new SystemMessage(job.agent.prompt.render({ agent: job.agent.name, context: contextOf(job, turn) })),
    ...history.map(({ role, content }) => (role === 'user' ? new HumanMessage(content) : new AIMessage(content))),
    new HumanMessage(job.message),
  ];
}

function contextOf({ agent, previousResults }: AgentJob, { context, now }: TurnContext): string {
  const { conversation_history: _, ...shown } = context;
  const known = {
    now: now.toISOString(),
    ...shown,
    timezone: timezoneOf(context),
    ...agent.facts,
    ...(agent.memories ? { memories: agent.memories } : {}),
    ...(previousResults && previousResults.length > 0 ? { previous_results: previousResults } : {}),
  };
  // A context that could close its own brackets could speak as if it were instructions.
  return JSON.stringify(known).replaceAll('<', '\\u003c');
}
