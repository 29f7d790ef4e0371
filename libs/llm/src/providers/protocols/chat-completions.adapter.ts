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
const args = z.unknown().optional();
const Called = { name: text, arguments: args, parameters: args, input: args };
const FunctionCall = z.object(Called);
const ToolCall = z.object({
  ...Called,
  index: z.unknown().optional(),
  id: text,
  function: z.union([FunctionCall, z.string()]).nullish().catch(null),
  extra_content: z.unknown().optional(),
});
/** Some servers send one call without the list around it. */
const ToolCalls = z
  .union([z.array(ToolCall), ToolCall.transform((call) => [call])])
  .nullish()
  .catch(null);
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
  tool_calls: ToolCalls,
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
        index: z.unknown().optional(),
        delta: Delta.nullish().catch(null),
        finish_reason: text,
        error: z.unknown().optional(),
        usage: Usage,
      }),
    )
    .nullish()
    .catch(null),
  usage: Usage,
  // Cloudflare's own form.
  response: text,
  tool_calls: ToolCalls,
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
    if (DONE.test(data)) return reply.done();
    if (event === 'error') return reply.fail(failureError(readFailure(data)));
    const value: unknown = JSON.parse(data);
    for (const item of Array.isArray(value) ? value : [value]) {
      const chunk = Chunk.parse(item);
      if (isFailure(chunk)) return reply.fail(failureError(readFailure(item)));
      readChunk(chunk, reply, reasoning);
    }
  };
}

const DONE = /^\s*"?\[done\]/i;

/** OpenAI's `error`, the error object of Mistral and vLLM, the `errors` of Cloudflare, the `detail` of FastAPI. */
function isFailure({ error, object, errors, success, detail, choices }: ChunkShape): boolean {
  if (isError(error)) return true;
  return object === 'error' || success === false || (!choices && (Boolean(errors?.length) || Boolean(detail)));
}

/** Some servers send an empty one with every chunk. */
function isError(error: unknown): boolean {
  if (typeof error !== 'object') return Boolean(error);
  return error !== null && Object.keys(error).length > 0;
}

function readChunk(chunk: ChunkShape, reply: ReplyAssembler, reasoning: ReasoningState): void {
  const { choices, usage, x_groq: groq, response, tool_calls: calls } = chunk;
  const [first] = choices ?? [];
  const reported = usage ?? first?.usage ?? groq?.usage;
  if (reported) reply.used(reported);
  if (!first) {
    reply.text(response ?? '');
    for (const call of calls ?? []) readCall(call, reply);
  }
  // One answer was asked for; its parts may be in several choices.
  for (const choice of choices ?? []) {
    if (choice.index !== first?.index) continue;
    if (isError(choice.error)) return reply.fail(failureError(readFailure(choice.error)));
    if (choice.delta) readDelta(choice.delta, reply, reasoning);
    if (typeof choice.finish_reason === 'string') readFinish(choice.finish_reason, reply);
  }
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
  for (const call of delta.tool_calls ?? []) readCall(call, reply);
  if (delta.function_call && !delta.tool_calls?.length)
    reply.toolCall({ name: delta.function_call.name, args: delta.function_call.arguments });
}

/** Cloudflare's own form has no `function`, and with others it is the name. */
function readCall(call: z.infer<typeof ToolCall>, reply: ReplyAssembler): void {
  const { index, id, extra_content: extra } = call;
  const called = typeof call.function === 'string' ? { ...call, name: call.function } : (call.function ?? call);
  const state = extra === undefined || extra === null ? undefined : { extra_content: extra };
  reply.toolCall({ index, id, name: called.name, args: called.arguments ?? called.parameters ?? called.input, state });
}

const LENGTH = /^(?:length|max_tokens|max_output_tokens|model_length|model_context_window_exceeded|error_limit)$/;
const REFUSAL =
  /^(?:content.?filter(?:ed)?|refusal|safety|recitation|prohibited_content|blocklist|spii|sensitive|guardrail_intervened|error_toxic)$/;
const FAILURE = /error|^(?:abort|aborted|cancelled|timeout|malformed_function_call)$/;
const CALLS = /^(?:tool_calls?|tool_use|function_call)$/;

/** Gateways pass on the words of other protocols. */
function readFinish(word: string, reply: ReplyAssembler): void {
  const reason = word.toLowerCase();
  // Some servers send `null` as text with every part.
  if (reason === '' || reason === 'null') return;
  if (reason === 'insufficient_system_resource') reply.fail(failureError({ status: 503 }));
  else if (REFUSAL.test(reason)) reply.refuse();
  else if (FAILURE.test(reason) && !LENGTH.test(reason)) reply.fail(failureError({}));
  else reply.finish(LENGTH.test(reason) ? 'length' : 'stop', CALLS.test(reason));
}
