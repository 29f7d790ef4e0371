import { Injectable } from '@nestjs/common';
import type { BaseMessage } from '@langchain/core/messages';
import type { AIMessageChunk } from '@langchain/core/messages';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { Problem } from '@adiuva/kernel';
import { Metrics } from '@adiuva/platform';
import { LlmConfig, type ProviderName } from './llm.config';
import { chatModel, type Role } from './providers.adapter';
import { translateModelError } from './model-error';
import { usageOf } from './usage';
import { watched } from './watchdog';

/** A tool as a model sees it: its JSON schema says which arguments it takes. */
export interface ToolSchema {
  readonly name: string;
  readonly description: string;
  readonly schema: Record<string, unknown>;
}

export interface ModelCall {
  readonly messages: readonly BaseMessage[];
  readonly tools?: readonly ToolSchema[];
  /** The name of the one tool that must be called. */
  readonly mustCall?: string;
}

/** The one door to language models. A call is streamed, bounded in time, and ends as soon as `signal` does. */
@Injectable()
export class Models {
  private readonly loaded = new Map<Role, Promise<BaseChatModel>>();

  constructor(
    private readonly config: LlmConfig,
    private readonly metrics: Metrics,
  ) {}

  /** The provider in force, undefined where chats are disabled. */
  get provider(): ProviderName | undefined {
    return this.config.provider;
  }

  /**
   * The answer as it is made. Throws `not_configured` where chats are disabled, `upstream_failed`, `unavailable` or
   * `upstream_timeout` when the provider fails; the provider's own words stay here.
   */
  async *stream(role: Role, call: ModelCall, signal: AbortSignal): AsyncGenerator<AIMessageChunk> {
    const provider = this.provider;
    if (provider === undefined)
      throw new Problem('not_configured', { detail: 'Chat is disabled here: LLM_PROVIDER is set to disabled' });
    const abort = new AbortController();
    const whole = AbortSignal.any([signal, abort.signal]);
    try {
      const model = await this.model(provider, role);
      const bound = bind(model, call);
      const chunks = watched(bound.stream([...call.messages], { signal: whole }), this.config, abort);
      for await (const chunk of chunks) {
        this.count(provider, role, chunk);
        let wanted = false;
        try {
          yield chunk;
          wanted = true;
        } finally {
          // Who stops listening wants the call to end now, not when the provider says its next word.
          if (!wanted) abort.abort();
        }
      }
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw translateModelError(error, provider);
    } finally {
      abort.abort();
    }
  }

  private model(provider: ProviderName, role: Role): Promise<BaseChatModel> {
    const known = this.loaded.get(role);
    if (known) return known;
    const made = chatModel(provider, role, this.config);
    this.loaded.set(role, made);
    return made;
  }

  private count(provider: ProviderName, model: Role, chunk: AIMessageChunk): void {
    const usage = usageOf(chunk);
    if (!usage) return;
    this.metrics.tokens.inc({ provider, model, direction: 'input' }, usage.input_tokens);
    this.metrics.tokens.inc({ provider, model, direction: 'output' }, usage.output_tokens);
  }
}

function bind(model: BaseChatModel, call: ModelCall) {
  if (!call.tools || call.tools.length === 0 || !model.bindTools) return model;
  const tools = call.tools.map(({ name, description, schema }) => ({
    type: 'function' as const,
    function: { name, description, parameters: schema },
  }));
  return model.bindTools(tools, call.mustCall === undefined ? {} : { tool_choice: call.mustCall });
}
