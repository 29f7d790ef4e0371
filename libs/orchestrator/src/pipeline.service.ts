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

const SILENCE: TokenSink = () => undefined;

/**
 * Agents one after the other: each sees what those before it did, and at the end one voice answers. A single agent speaks for itself.
 * Plain code and no graph library: the order is a loop, a tool call that asks a colleague is a call, and state between two requests is
 * the turn's journal, which a library's checkpoints would keep in plain text on our side.
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

  async run(agents: readonly Agent[], message: string, turn: TurnContext, say: TokenSink): Promise<AgentResult> {
    const [only, ...others] = agents;
    if (only && others.length === 0) return this.ask(only, message, turn, say, []);
    const results = await this.work(agents, message, turn);
    const { text, usage, finishReason } = await this.synthesise(results.each, message, turn, say);
    return { response: text, actions: results.actions, usage: addUsage(results.usage, usage), finishReason };
  }

  /** What the agents do, without anybody hearing them. */
  async work(agents: readonly Agent[], message: string, turn: TurnContext) {
    const each: PreviousResult[] = [];
    let usage = NO_USAGE;
    for (const agent of agents) {
      const result = await this.ask(agent, message, turn, SILENCE, each);
      each.push({ agent: agent.name, response: result.response, actions: result.actions });
      usage = addUsage(usage, result.usage);
    }
    return { each, usage, actions: each.flatMap(({ actions }) => actions) };
  }

  private ask(
    agent: Agent,
    message: string,
    turn: TurnContext,
    say: TokenSink,
    previous: readonly PreviousResult[],
  ): Promise<AgentResult> {
    const colleagues = this.catalogue.of(turn.caller.tier);
    return this.runner.run({ agent, message, previousResults: [...previous], colleagues }, turn, say);
  }

  private async synthesise(results: readonly PreviousResult[], message: string, turn: TurnContext, say: TokenSink) {
    if (this.models.isOffline('synthesis')) {
      const text = results
        .map(({ response }) => response)
        .filter((response) => response !== '')
        .join('\n\n');
      await say(text);
      return { text, usage: NO_USAGE, finishReason: 'stop' as const };
    }
    const messages = [
      new SystemMessage(this.prompt.render()),
      new HumanMessage(message),
      new HumanMessage(JSON.stringify(results)),
    ];
    return this.modelCaller.call(turn, 'synthesis', { messages }, say);
  }
}
