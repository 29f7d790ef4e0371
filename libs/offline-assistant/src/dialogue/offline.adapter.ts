import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import {
  BaseChatModel,
  type BaseChatModelCallOptions,
  type BindToolsInput,
} from '@langchain/core/language_models/chat_models';
import type { BaseLanguageModelInput } from '@langchain/core/language_models/base';
import {
  AIMessage,
  AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type BaseMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import type { Runnable } from '@langchain/core/runnables';
import { convertToOpenAITool } from '@langchain/core/utils/function_calling';
import { z } from 'zod';

import { contextOf } from '../entities/assistant-context';
import type { HistoryMessage } from '../entities/coreference';
import { clean } from '../text/clean';
import { interview } from './interview';
import { respond } from './respond';
import { agentsFor } from './routing';
import { withoutTools } from './small-talk';
import type { OfferedTool } from './tool-mapping';
import type { Outcome, Reply, Turn } from './turn';

const ROUTE = 'route';
const CHARACTERS_PER_TOKEN = 4;
const MAX_MESSAGE = 64_000;

export interface OfflineCallOptions extends BaseChatModelCallOptions {
  tools?: OfferedTool[];
}

/**
 * A chat model without a language model: everyday commands in English, German, Italian, French and Spanish become tool
 * calls by a pipeline of rules over lexicons. No network, no state, no randomness: the same messages give the same
 * answer, in time linear in their length.
 *
 * - One bound tool `route` with an array of agent names: it calls it with the agents whose areas the last human
 *   message touches.
 * - Other tools: it calls them, or says in plain words what they brought. Facts come from the JSON between
 *   `<context>` and `</context>` in the system message (`now`, `timezone`, `user_profile`, `recent_tasks`,
 *   `previous_results`); what is not there is looked up with the list tools.
 * - No tools: it says that it cannot write free text and joins the results of earlier agents that the message holds.
 *
 * Deleting is asked for confirmation and done on a "yes" right after the question. Tokens are estimated as
 * characters / 4, rounded up.
 */
export class OfflineChatModel extends BaseChatModel<OfflineCallOptions> {
  private readonly clock: () => number;

  /** `clock` gives the time (ms) where the context does not. */
  constructor(fields: { clock?: () => number } = {}) {
    super({});
    this.clock = fields.clock ?? Date.now;
  }

  override _llmType(): string {
    return 'adiuva-offline';
  }

  override bindTools(
    tools: BindToolsInput[],
    kwargs?: Partial<OfflineCallOptions>,
  ): Runnable<BaseLanguageModelInput, AIMessageChunk, OfflineCallOptions> {
    return this.withConfig({ ...kwargs, tools: tools.map(offered) });
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<ChatResult> {
    options.signal?.throwIfAborted();
    const reply = this.reply(messages, options);
    const usage = usageOf(messages, reply);
    const text = 'text' in reply ? reply.text : '';
    const calls =
      'calls' in reply
        ? reply.calls.map((call) => ({ ...call, args: { ...call.args }, type: 'tool_call' as const }))
        : [];
    const message = new AIMessage({ content: text, tool_calls: calls });
    Object.assign(message, { usage_metadata: usage });
    return { generations: [{ text, message }], llmOutput: { tokenUsage: usage } };
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
    run?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    options.signal?.throwIfAborted();
    const reply = this.reply(messages, options);
    for (const word of 'text' in reply ? wordsOf(reply.text) : []) {
      options.signal?.throwIfAborted();
      const chunk = new ChatGenerationChunk({ text: word, message: new AIMessageChunk({ content: word }) });
      yield chunk;
      await run?.handleLLMNewToken(word, { prompt: 0, completion: 0 }, undefined, undefined, undefined, { chunk });
    }
    for (const [index, call] of 'calls' in reply ? reply.calls.entries() : []) {
      const part = {
        id: call.id,
        name: call.name,
        args: JSON.stringify(call.args),
        index,
        type: 'tool_call_chunk' as const,
      };
      yield new ChatGenerationChunk({
        text: '',
        message: new AIMessageChunk({ content: '', tool_call_chunks: [part] }),
      });
    }
    options.signal?.throwIfAborted();
    const usage = usageOf(messages, reply);
    const last = Object.assign(new AIMessageChunk({ content: '' }), { usage_metadata: usage });
    yield new ChatGenerationChunk({ text: '', message: last });
  }

  private reply(messages: readonly BaseMessage[], options: this['ParsedCallOptions']): Reply {
    const tools = options.tools ?? [];
    const turn = turnOf(messages, tools, this.clock);
    if (tools.length === 0) return { text: withoutTools(turn.message) };
    const [only] = tools;
    if (tools.length > 1 || only?.name !== ROUTE) return interview(turn) ?? respond(turn);
    const agents = agentsFor(turn.message, turn.history, agentsIn(only), turn.context);
    return { calls: [{ id: 'offline_route', name: ROUTE, args: { agents } }] };
  }
}

const property = z
  .object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    const: z.unknown().optional(),
    format: z.string().optional(),
    anyOf: z.array(z.unknown()).optional(),
    items: z.unknown().optional(),
  })
  .catch({});
const parameters = z
  .object({ properties: z.record(z.string(), z.unknown()).default({}), required: z.array(z.string()).default([]) })
  .catch({ properties: {}, required: [] });

/** A bound tool as the assistant reads it; what is already in that form stays. */
function offered(tool: BindToolsInput): OfferedTool {
  const { name, parameters: schema } = convertToOpenAITool(tool).function;
  const { properties, required } = parameters.parse(schema);
  const described = Object.entries(properties).map(([key, value]) => [key, describedProperty(value)] as const);
  return { name, required, properties: Object.fromEntries(described) };
}

function describedProperty(schema: unknown): OfferedTool['properties'][string] {
  const { type, enum: values, format, anyOf, items } = property.parse(schema);
  const inner = (anyOf ?? []).map(describedProperty);
  const own = type === undefined ? [] : [type].flat();
  const listed = own.includes('array') && items !== undefined ? describedProperty(items).values : [];
  return {
    types: [...own, ...inner.flatMap((one) => one.types)],
    values: [...(values ?? []), ...inner.flatMap((one) => one.values), ...listed],
    format: format ?? '',
  };
}

function agentsIn(route: OfferedTool): string[] {
  const values = Object.values(route.properties).flatMap((schema) => schema.values);
  return values.filter((value) => typeof value === 'string');
}

function turnOf(messages: readonly BaseMessage[], tools: readonly OfferedTool[], clock: () => number): Turn {
  const at = messages.findLastIndex((message) => HumanMessage.isInstance(message));
  const system = messages.find((message) => SystemMessage.isInstance(message));
  return {
    message: clean((messages[at]?.text ?? '').slice(0, MAX_MESSAGE)),
    context: contextOf(system?.text ?? '', clock),
    history: messages.slice(0, Math.max(at, 0)).flatMap(historyOf),
    tools,
    outcomes: outcomesOf(messages.slice(at + 1)),
  };
}

function historyOf(message: BaseMessage): HistoryMessage[] {
  if (HumanMessage.isInstance(message)) return [{ role: 'user', text: message.text }];
  return AIMessage.isInstance(message) && message.text !== '' ? [{ role: 'assistant', text: message.text }] : [];
}

function outcomesOf(messages: readonly BaseMessage[]): Outcome[] {
  const calls = messages.flatMap((message) => (AIMessage.isInstance(message) ? (message.tool_calls ?? []) : []));
  return messages.flatMap((message) => {
    const call = ToolMessage.isInstance(message) ? calls.find((made) => made.id === message.tool_call_id) : undefined;
    return call ? [{ callId: call.id ?? '', name: call.name, args: call.args, result: parsed(message.text) }] : [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Words with the space behind them, so that joining them gives the text again. */
function wordsOf(text: string): string[] {
  return text.match(/\S+\s*|\s+/g) ?? [];
}

function usageOf(messages: readonly BaseMessage[], reply: Reply): UsageMetadata {
  const estimate = (characters: number): number => Math.ceil(characters / CHARACTERS_PER_TOKEN);
  const input = estimate(messages.reduce((sum, message) => sum + message.text.length, 0));
  const output = estimate('text' in reply ? reply.text.length : JSON.stringify(reply.calls).length);
  return { input_tokens: input, output_tokens: output, total_tokens: input + output };
}
