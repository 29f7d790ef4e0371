import { Injectable } from '@nestjs/common';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import {
  AgentCatalogue,
  AgentRunner,
  ModelCaller,
  type Agent,
  type AgentResult,
  type TokenSink,
  type PreviousResult,
  type TurnContext,
} from '@adiuva/agents';
import { addUsage, NO_USAGE, Models } from '@adiuva/llm';
import { PromptRegistry, type Prompt } from '@adiuva/prompts';
import { SYNTHESIS_PROMPT } from './synthesis.prompt';

const SYNTHESIS_CALLS = 1;
const DISCARD: TokenSink = () => undefined;

/**
 * Runs agents one after the other: each receives the results of the earlier ones, and a synthesis call writes one answer. A single agent
 * answers directly. Plain code and no graph library: the order is a loop, a delegate is a method call, and state between two requests is
 * the journal of the turn, which the checkpoints of a library would store in plain text on the server.
 */
@Injectable()
export class Pipeline {
  private readonly prompt: Prompt;

  constructor(
    private readonly catalogue: AgentCatalogue,
    private readonly runner: AgentRunner,
    private readonly modelCaller: ModelCaller,
    private readonly models: Models,
    prompts: PromptRegistry,
  ) {
    this.prompt = prompts.define('synthesis', SYNTHESIS_PROMPT);
  }

  async run(
    agents: readonly Agent[],
    { message, previousResults }: { readonly message: string; readonly previousResults: readonly PreviousResult[] },
    turn: TurnContext,
    emit: TokenSink,
  ): Promise<AgentResult> {
    const [only, ...others] = agents;
    if (only && others.length === 0) return this.ask(only, message, turn, emit, previousResults);
    const results = await this.work(agents, message, turn, previousResults);
    const { text, usage, finishReason } = await this.synthesise(results.each, message, turn, emit);
    return { response: text, actions: results.actions, usage: addUsage(results.usage, usage), finishReason };
  }

  /** Runs the agents; their text is not sent to the client. */
  async work(agents: readonly Agent[], message: string, turn: TurnContext, before: readonly PreviousResult[] = []) {
    const each: PreviousResult[] = [];
    let usage = NO_USAGE;
    for (const agent of agents) {
      try {
        const result = await this.ask(agent, message, turn, DISCARD, [...before, ...each], SYNTHESIS_CALLS);
        each.push({ agent: agent.name, response: result.response, actions: result.actions });
        usage = addUsage(usage, result.usage);
      } catch (error) {
        if (each.length === 0) throw error;
        turn.budget.absorb(error);
      }
    }
    return { each, usage, actions: each.flatMap(({ actions }) => actions) };
  }

  private ask(
    agent: Agent,
    message: string,
    turn: TurnContext,
    emit: TokenSink,
    previousResults: readonly PreviousResult[],
    reserved = 0,
  ): Promise<AgentResult> {
    const delegates = this.catalogue.of(turn.caller.tier);
    return this.runner.run({ agent, message, previousResults: [...previousResults], delegates, reserved }, turn, emit);
  }

  private async synthesise(results: readonly PreviousResult[], message: string, turn: TurnContext, emit: TokenSink) {
    if (this.models.isOffline('synthesis') || turn.budget.modelCallsLeft === 0) return joined(results, emit);
    const messages = [
      new SystemMessage(this.prompt.render()),
      new HumanMessage(message),
      new HumanMessage(JSON.stringify(results)),
    ];
    try {
      return await this.modelCaller.call(turn, 'synthesis', { messages }, emit);
    } catch (error) {
      turn.budget.absorb(error);
      return joined(results, emit);
    }
  }
}

async function joined(results: readonly PreviousResult[], emit: TokenSink) {
  const text = results
    .map(({ response }) => response)
    .filter((response) => response !== '')
    .join('\n\n');
  await emit(text);
  return { text, usage: NO_USAGE, finishReason: 'stop' as const };
}
