import { z } from 'zod';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { stateOf } from '../../streaming/assistant-message';
import type { ModelCall } from '../../streaming/chat-model.port';
import { eventFraming } from '../../streaming/framing';
import { NO_USAGE, tokenCount, type TokenUsage } from '../../usage';
import type { ReplyAssembler } from '../../streaming/reply-assembler';
import { failureError, readFailure } from '../provider-failure';
import type { WireProtocol } from '../wire-protocol';
import { mergeTurns, type Turn } from './turns';

const text = z.string().nullish().catch(null);
const Usage = z
  .object({
    input_tokens: tokenCount,
    output_tokens: tokenCount,
    cache_creation_input_tokens: tokenCount,
    cache_read_input_tokens: tokenCount,
  })
  .nullish()
  .catch(null);
const Block = z
  .looseObject({ type: text, text, id: text, name: text, input: z.unknown().optional() })
  .nullish()
  .catch(null);
const Delta = z
  .object({ type: text, text, partial_json: text, thinking: text, signature: text, stop_reason: text })
  .nullish()
  .catch(null);
const Event = z.object({
  error: z.unknown().optional(),
  type: text,
  index: z.coerce.number().catch(0),
  message: z.object({ usage: Usage }).nullish().catch(null),
  content_block: Block,
  delta: Delta,
  usage: Usage,
});
type EventShape = z.infer<typeof Event>;
const Thoughts = z.array(z.record(z.string(), z.unknown())).catch([]);

export interface AnthropicOptions {
  readonly origin: string;
  readonly model: string;
  readonly maxOutputTokens: number;
}

/** Anthropic's messages. */
export function anthropicMessages(options: AnthropicOptions): WireProtocol {
  return {
    framing: eventFraming,
    request(call) {
      const system = call.messages.filter((message) => message instanceof SystemMessage).map((message) => message.text);
      return {
        model: options.model,
        max_tokens: options.maxOutputTokens,
        stream: true,
        ...(system.length > 0 ? { system: system.join('\n\n') } : {}),
        messages: mergeTurns(call.messages.flatMap((message) => turnOf(message, options.origin))),
        ...toolsOf(call),
      };
    },
    reader: (reply) => new MessageReader(reply).read,
  };
}

/** A conversation with tool calls in it is refused without the tools, also where none may be called any more. */
function toolsOf({ tools = [], mustCall, mayCall }: ModelCall): object {
  if (tools.length === 0) return {};
  const choice =
    mayCall === false ? { type: 'none' } : mustCall === undefined ? undefined : { type: 'tool', name: mustCall };
  return {
    tools: tools.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
    ...(choice ? { tool_choice: choice } : {}),
  };
}

function turnOf(message: BaseMessage, origin: string): readonly Turn[] {
  if (message instanceof HumanMessage) return [{ role: 'user', content: textBlocks(message.text) }];
  if (message instanceof ToolMessage) {
    return [
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: callId(message.tool_call_id), content: message.text }],
      },
    ];
  }
  if (!(message instanceof AIMessage)) return [];
  const thoughts = stateOf(message, origin)?.message;
  const calls = (message.tool_calls ?? []).map(({ id, name, args }) => ({
    type: 'tool_use',
    id: callId(id ?? ''),
    name,
    input: args,
  }));
  const content = [...Thoughts.parse(thoughts), ...textBlocks(message.text), ...calls];
  return [{ role: 'assistant', content }];
}

/** Empty and blank blocks are refused. */
function textBlocks(content: string): readonly object[] {
  return content.trim() === '' ? [] : [{ type: 'text', text: content.trimEnd() }];
}

/** The ids of other providers may have characters that are refused. */
function callId(id: string): string {
  return id.replace(/[^\w-]/g, '_');
}

class MessageReader {
  private usage: TokenUsage = NO_USAGE;
  /** Thinking blocks by index: with their signatures, they go back before the results of tools. */
  private readonly thoughts = new Map<number, Record<string, unknown>>();
  /** The input that a call began with, by index; some servers send it there, and some once more in parts. */
  private readonly inputs = new Map<number, unknown>();

  constructor(private readonly reply: ReplyAssembler) {}

  readonly read = (data: string, name?: string): void => {
    if (data.startsWith('[DONE]')) return this.reply.done();
    const value: unknown = JSON.parse(data);
    const event = Event.parse(value);
    // Some gateways leave the type out, which is the name of the event as well.
    const type = event.type ?? name;
    const hasError = event.error !== undefined && event.error !== null;
    if (type === 'error' || name === 'error' || hasError || isException(value))
      return this.reply.fail(failureError(readFailure(data)));
    switch (type) {
      case 'message_start':
        return this.report(event.message?.usage);
      case 'content_block_start':
        return this.begin(event);
      case 'content_block_delta':
        return this.add(event);
      case 'content_block_stop':
        return this.endBlock(event.index);
      case 'message_delta':
        this.inputs.forEach((_, index) => this.endBlock(index));
        this.report(event.usage);
        return this.finish(event.delta?.stop_reason);
      case 'message_stop':
        this.inputs.forEach((_, index) => this.endBlock(index));
        return this.reply.done();
      case undefined:
      default:
        // `ping`, and events that are added later.
        return;
    }
  };

  private begin({ index, content_block: block }: EventShape): void {
    if (block?.type === 'text') return this.reply.text(block.text ?? '');
    if (block?.type === 'tool_use') {
      this.inputs.set(index, isEmpty(block.input) ? undefined : block.input);
      return this.reply.toolCall({ index, id: block.id, name: block.name });
    }
    if (block?.type !== 'thinking' && block?.type !== 'redacted_thinking') return;
    this.thoughts.set(index, { ...block });
    this.reply.keep([...this.thoughts.values()]);
    this.reply.reasoning();
  }

  private add({ index, delta }: EventShape): void {
    if (delta?.type === 'text_delta') this.reply.text(delta.text ?? '');
    // The tools of the provider's own server are in blocks that were not begun here.
    if (delta?.type === 'input_json_delta' && delta.partial_json && this.inputs.has(index)) {
      this.inputs.set(index, undefined);
      this.reply.toolCall({ index, args: delta.partial_json });
    }
    const thought = this.thoughts.get(index);
    if (delta?.type === 'thinking_delta') {
      if (thought) thought['thinking'] = asText(thought['thinking']) + (delta.thinking ?? '');
      this.reply.reasoning();
    }
    if (delta?.type === 'signature_delta' && thought) {
      thought['signature'] = asText(thought['signature']) + (delta.signature ?? '');
    }
  }

  private endBlock(index: number): void {
    const input = this.inputs.get(index);
    if (input !== undefined) this.reply.toolCall({ index, args: input });
    this.inputs.delete(index);
  }

  private finish(reason: string | null | undefined): void {
    if (!reason) return;
    if (reason === 'refusal') return this.reply.refuse();
    const isCut = reason === 'max_tokens' || reason === 'model_context_window_exceeded';
    this.reply.finish(isCut ? 'length' : 'stop', reason === 'tool_use');
  }

  /** The numbers are about the whole message so far; those that are missing stay. */
  private report(usage: z.infer<typeof Usage>): void {
    if (!usage) return;
    const input = [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
    const known = input.some((tokens) => typeof tokens === 'number');
    this.usage = {
      inputTokens: known ? input.reduce<number>((sum, tokens) => sum + (tokens ?? 0), 0) : this.usage.inputTokens,
      outputTokens: usage.output_tokens ?? this.usage.outputTokens,
    };
    this.reply.used(this.usage);
  }
}

/** Bedrock names a failure by its member. */
function isException(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).some((key) => key.endsWith('Exception'));
}

function isEmpty(input: unknown): boolean {
  return input === undefined || input === null || (typeof input === 'object' && Object.keys(input).length === 0);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
