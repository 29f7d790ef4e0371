import { setTimeout as pause } from 'node:timers/promises';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessageChunk, BaseMessage } from '@langchain/core/messages';
import type { Breaker } from './breakers.adapter';
import type { LlmConfig } from './llm.config';
import { faultOf } from './model-fault';
import { Watchdog } from './watchdog';

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

const LONGEST_WAIT_MS = 2_000;
const MOST_WAITS = 2;

/** One question to one model, from the connection to the last piece of the answer. */
export class ModelAttempt {
  private readonly abort = new AbortController();
  private readonly signal: AbortSignal;
  private readonly watchdog: Watchdog;
  private readonly held: AIMessageChunk[] = [];
  private source: AsyncIterator<AIMessageChunk> | undefined;

  constructor(
    private readonly breaker: Breaker,
    config: LlmConfig,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.abort.signal]);
    this.watchdog = new Watchdog(config, this.abort);
  }

  /**
   * Resolves when the model has begun to speak or to call a tool, so that until then another may take its place. A busy model that
   * asks for two seconds or less is waited for. Throws `unavailable`, `upstream_failed` or `upstream_timeout`.
   */
  open(model: Promise<BaseChatModel>, call: ModelCall): Promise<void> {
    return this.breaker.run(async () => {
      for (let waits = 0; ; waits += 1) {
        try {
          return await this.first(await model, call);
        } catch (error) {
          const fault = this.signal.aborted ? error : faultOf(error);
          const wait = this.signal.aborted ? undefined : faultOf(error).busyForMs;
          if (wait === undefined || wait > LONGEST_WAIT_MS || waits === MOST_WAITS) throw fault;
          this.watchdog.pause();
          await pause(wait, undefined, { signal: this.signal });
        }
      }
    });
  }

  /** The next piece; undefined at the end. The reader's own pace is not held against the model. */
  async next(): Promise<AIMessageChunk | undefined> {
    const held = this.held.shift();
    if (held) return held;
    if (!this.source) return undefined;
    this.watchdog.startNext();
    try {
      const next = await this.watchdog.within(this.source.next());
      this.watchdog.pause();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      const fault = faultOf(error);
      if (!this.signal.aborted || fault === error) await this.breaker.failed(fault);
      throw fault;
    }
  }

  /** Ends the connection, whether or not the answer has ended. */
  close(): void {
    this.watchdog.stop();
    this.abort.abort();
  }

  private async first(model: BaseChatModel, call: ModelCall): Promise<void> {
    this.watchdog.startFirst();
    const stream = await this.watchdog.within(bind(model, call).stream([...call.messages], { signal: this.signal }));
    this.source = stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await this.watchdog.within(this.source.next());
      if (next.done === true) break;
      this.held.push(next.value);
      if (says(next.value)) break;
    }
    this.watchdog.pause();
  }
}

function says(chunk: AIMessageChunk): boolean {
  return (chunk.tool_call_chunks?.length ?? 0) > 0 || chunk.text !== '';
}

function bind(model: BaseChatModel, call: ModelCall) {
  if (!call.tools || call.tools.length === 0 || !model.bindTools) return model;
  const tools = call.tools.map(({ name, description, schema }) => ({
    type: 'function' as const,
    function: { name, description, parameters: schema },
  }));
  return model.bindTools(tools, call.mustCall === undefined ? {} : { tool_choice: call.mustCall });
}
