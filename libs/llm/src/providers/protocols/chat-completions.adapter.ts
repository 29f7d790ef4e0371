import { ChatOpenAICompletions, convertMessagesToCompletionsMessageParams } from '@langchain/openai';
import { z } from 'zod';
import { stateOf } from '../../streaming/assistant-message';
import { functionTools, type ModelCall } from '../../streaming/chat-model.port';
import { eventFraming } from '../../streaming/framing';
import type { ReplyAssembler } from '../../streaming/reply-assembler';
import { reportedUsage, tokenCount } from '../../usage';
import { failureError, readFailure } from '../provider-failure';
import type { WireProtocol } from '../wire-protocol';
import { ReasoningState } from './reasoning-state';

const text = z.string().nullish().catch(null);
const FunctionCall = z.object({ name: text, arguments: z.unknown().optional() });
const Part = z
  .union([z.string().transform((value) => ({ type: 'text', text: value })), z.object({ type: text, text })])
  .catch({ type: null, text: null });
const Delta = z.object({
  content: z
    .union([z.string(), z.number().transform(String), z.array(Part)])
    .nullish()
    .catch(null),
  refusal: text,
  reasoning: z.unknown().optional(),
  reasoning_content: text,
  reasoning_details: z.array(z.record(z.string(), z.unknown())).nullish().catch(null),
  tool_calls: z
    .array(
      z.object({
        index: z.unknown().optional(),
        id: text,
        function: FunctionCall.nullish().catch(null),
        name: text,
        arguments: z.unknown().optional(),
        extra_content: z.unknown().optional(),
      }),
    )
    .nullish()
    .catch(null),
  function_call: FunctionCall.nullish().catch(null),
});
const Usage = z
  .object({ prompt_tokens: tokenCount, completion_tokens: tokenCount })
  .transform((usage) => reportedUsage([usage.prompt_tokens], [usage.completion_tokens]))
  .nullish()
  .catch(null);
/** What is read of a chunk. What differs from the documents in the rest does not matter. */
const Chunk = z.object({
  object: text,
  error: z.unknown().optional(),
  errors: z.array(z.unknown()).nullish().catch(null),
  detail: z.unknown().optional(),
  success: z.boolean().nullish().catch(null),
  choices: z
    .array(
      z.object({
        delta: Delta.nullish().catch(null),
        finish_reason: text,
        error: z.unknown().optional(),
        usage: Usage,
      }),
    )
    .nullish()
    .catch(null),
  usage: Usage,
  x_groq: z.object({ usage: Usage }).nullish().catch(null),
});
type ChunkShape = z.infer<typeof Chunk>;
type DeltaShape = z.infer<typeof Delta>;

export interface ChatCompletionsOptions {
  /** `provider:model` */
  readonly origin: string;
  readonly model: string;
  readonly maxOutputTokens: number;
  /** False where the provider refuses `stream_options` and reports usage without being asked. */
  readonly streamOptions?: boolean;
  /** What a call's id must be; others get one that fits. */
  readonly callId?: (id: string) => string;
}

/**
 * The chat completions of OpenAI and of all that speak its protocol. `@langchain/openai` writes the request: roles and token limits by model,
 * messages, tools and tool choice. It is sent and the answer read by us, see `HttpChatModel`. Only names that the package exports are used;
 * test/llm/langchain-openai.spec.ts names the version.
 */
export function chatCompletions(options: ChatCompletionsOptions): WireProtocol {
  const { model, maxOutputTokens: maxTokens, streamOptions: streamUsage = true } = options;
  // The class wants a key and makes a client with it, which is never used.
  const writer = new ChatOpenAICompletions({ model, maxTokens, streamUsage, apiKey: 'unused', maxRetries: 0 });
  return {
    framing: eventFraming,
    request(call) {
      const tools = functionTools(call);
      const toolOptions = {
        ...(tools.length > 0 ? { tools } : {}),
        ...(call.mustCall === undefined ? {} : { tool_choice: call.mustCall }),
      };
      return {
        ...writer.invocationParams(toolOptions, { streaming: true }),
        messages: messagesOf(call, options),
        stream: true,
      };
    },
    reader: (reply) => completionReader(reply),
  };
}

function messagesOf(
  { messages }: ModelCall,
  { model, origin, callId = (id) => id }: ChatCompletionsOptions,
): readonly object[] {
  return messages.map((message) => {
    const [param = {}] = convertMessagesToCompletionsMessageParams({ messages: [message], model });
    const state = stateOf(message, origin);
    return { ...param, ...withIds(param, state?.calls ?? {}, callId), ...asObject(state?.message) };
  });
}

/** The call's own state goes back beside it, such as Gemini's signature of a thought. */
function withIds(param: object, states: Readonly<Record<string, unknown>>, callId: (id: string) => string): object {
  if ('tool_calls' in param && Array.isArray(param.tool_calls)) {
    const calls = z.array(z.looseObject({ id: z.string() })).parse(param.tool_calls);
    return { tool_calls: calls.map((call) => ({ ...call, id: callId(call.id), ...asObject(states[call.id]) })) };
  }
  if ('tool_call_id' in param && typeof param.tool_call_id === 'string')
    return { tool_call_id: callId(param.tool_call_id) };
  return {};
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function completionReader(reply: ReplyAssembler) {
  const reasoning = new ReasoningState();
  return (data: string, event?: string): void => {
    if (data.trimStart().startsWith('[DONE]')) return reply.done();
    if (event === 'error') return reply.fail(failureError(readFailure(data)));
    const value: unknown = JSON.parse(data);
    for (const item of Array.isArray(value) ? value : [value]) {
      const chunk = Chunk.parse(item);
      if (isFailure(chunk)) return reply.fail(failureError(readFailure(chunk.error ?? item)));
      readChunk(chunk, reply, reasoning);
    }
  };
}

/** OpenAI's `error`, the error object of Mistral and vLLM, the `errors` of Cloudflare, the `detail` of FastAPI. */
function isFailure({ error, object, errors, success, detail, choices }: ChunkShape): boolean {
  if (error !== undefined && error !== null) return true;
  return object === 'error' || success === false || (!choices && (Boolean(errors?.length) || Boolean(detail)));
}

function readChunk(
  { choices, usage, x_groq: groq }: ChunkShape,
  reply: ReplyAssembler,
  reasoning: ReasoningState,
): void {
  const [choice] = choices ?? [];
  const reported = usage ?? choice?.usage ?? groq?.usage;
  if (reported) reply.used(reported);
  if (!choice) return;
  if (choice.error !== undefined && choice.error !== null) return reply.fail(failureError(readFailure(choice.error)));
  if (choice.delta) readDelta(choice.delta, reply, reasoning);
  if (typeof choice.finish_reason === 'string') readFinish(choice.finish_reason, reply);
}

function readDelta(delta: DeltaShape, reply: ReplyAssembler, reasoning: ReasoningState): void {
  if (delta.refusal) return reply.refuse();
  if (delta.reasoning_content || delta.reasoning || delta.reasoning_details?.length) {
    reasoning.add(delta.reasoning_content, delta.reasoning_details);
    reply.keep(reasoning.value);
    reply.reasoning();
  }
  for (const part of typeof delta.content === 'string'
    ? [{ type: 'text', text: delta.content }]
    : (delta.content ?? [])) {
    if (part.type === 'refusal') return reply.refuse();
    if (part.type === 'text') reply.text(part.text ?? '');
    else reply.reasoning();
  }
  for (const call of delta.tool_calls ?? []) {
    const { index, id, extra_content: extra } = call;
    // Cloudflare's own form has no `function`.
    const called = call.function ?? call;
    const state = extra === undefined || extra === null ? undefined : { extra_content: extra };
    reply.toolCall({ index, id, name: called.name, args: called.arguments, state });
  }
  if (delta.function_call && !delta.tool_calls?.length)
    reply.toolCall({ name: delta.function_call.name, args: delta.function_call.arguments });
}

const LENGTH = /^(?:length|max_tokens|max_output_tokens|model_length|model_context_window_exceeded)$/;
const REFUSAL = /^(?:content_filter(?:ed)?|refusal|safety|recitation|prohibited_content|blocklist|spii|sensitive)$/;
const FAILURE = /^(?:error|abort|aborted|cancelled|timeout|network_error|engine_error|malformed_function_call)$/;

/** Gateways pass on the words of other protocols. */
function readFinish(word: string, reply: ReplyAssembler): void {
  const reason = word.toLowerCase();
  // Some servers send `null` as text with every part.
  if (reason === '' || reason === 'null') return;
  if (reason === 'insufficient_system_resource') reply.fail(failureError({ status: 503 }));
  else if (FAILURE.test(reason)) reply.fail(failureError({}));
  else if (REFUSAL.test(reason)) reply.refuse();
  else reply.finish(LENGTH.test(reason) ? 'length' : 'stop');
}
