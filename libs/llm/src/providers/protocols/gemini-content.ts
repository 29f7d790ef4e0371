import { z } from 'zod';
import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { stateOf } from '../../streaming/assistant-message';
import type { ModelCall } from '../../streaming/chat-model.port';
import { eventFraming } from '../../streaming/framing';
import type { ReplyAssembler } from '../../streaming/reply-assembler';
import { reportedUsage, tokenCount } from '../../usage';
import { failureError, readFailure } from '../provider-failure';
import type { WireProtocol } from '../wire-protocol';
import { mergeTurns, type Turn } from './turns';

const text = z.string().nullish().catch(null);
const Part = z
  .object({
    text,
    thought: z.boolean().nullish().catch(null),
    functionCall: z.object({ id: text, name: text, args: z.unknown().optional() }).nullish().catch(null),
    thoughtSignature: text,
  })
  .catch({});
const Response = z.object({
  error: z.unknown().optional(),
  promptFeedback: z.object({ blockReason: text }).nullish().catch(null),
  candidates: z
    .array(
      z.object({
        content: z
          .object({ parts: z.array(Part).nullish().catch(null) })
          .nullish()
          .catch(null),
        finishReason: text,
      }),
    )
    .nullish()
    .catch(null),
  usageMetadata: z
    .object({
      promptTokenCount: tokenCount,
      toolUsePromptTokenCount: tokenCount,
      candidatesTokenCount: tokenCount,
      thoughtsTokenCount: tokenCount,
    })
    .nullish()
    .catch(null),
});
type ResponseShape = z.infer<typeof Response>;
const CallState = z.object({ id: z.string().optional(), thoughtSignature: z.string().optional() }).catch({});

const REFUSAL = /^(?:(?:IMAGE_)?(?:SAFETY|RECITATION|PROHIBITED_CONTENT)|BLOCKLIST|SPII)$/;
/** What Google documents for calls of other models: newer ones refuse a call without a signature. */
const NO_SIGNATURE = 'skip_thought_signature_validator';

export interface GeminiOptions {
  readonly origin: string;
  readonly model: string;
  readonly maxOutputTokens: number;
}

/**
 * Gemini's own `streamGenerateContent`. The OpenAI-compatible endpoint loses what is needed here: why an answer was refused, and calls whose
 * signatures go back unchanged.
 */
export function geminiContent(options: GeminiOptions): WireProtocol {
  return {
    framing: eventFraming,
    request(call) {
      const system = call.messages.filter((message) => message instanceof SystemMessage).map((message) => message.text);
      const turns = mergeTurns(call.messages.flatMap((message) => turnOf(message, options)));
      return {
        contents: turns.map(({ role, content }) => ({ role, parts: content })),
        ...(system.length > 0 ? { systemInstruction: { parts: [{ text: system.join('\n\n') }] } } : {}),
        generationConfig: { maxOutputTokens: options.maxOutputTokens },
        ...toolsOf(call),
      };
    },
    reader: (reply) => (data) => {
      if (data.startsWith('[DONE]')) return reply.end();
      const value: unknown = JSON.parse(data);
      for (const item of Array.isArray(value) ? value : [value]) readResponse(Response.parse(item), reply);
    },
  };
}

function toolsOf({ tools = [], mustCall, mayCall }: ModelCall): object {
  if (tools.length === 0 || mayCall === false) return {};
  const functionDeclarations = tools.map(({ name, description, schema }) => ({
    name,
    description,
    parametersJsonSchema: schema,
  }));
  const only = { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [mustCall] } };
  return { tools: [{ functionDeclarations }], ...(mustCall === undefined ? {} : { toolConfig: only }) };
}

function turnOf(message: BaseMessage, options: GeminiOptions): readonly Turn[] {
  if (message instanceof HumanMessage) return [{ role: 'user', content: textParts(message.text) }];
  if (message instanceof ToolMessage) {
    const { name = '', tool_call_id: id } = message;
    return [
      { role: 'user', content: [{ functionResponse: { ...ownId(id), name, response: responseOf(message.text) } }] },
    ];
  }
  if (!(message instanceof AIMessage)) return [];
  const states = stateOf(message, options.origin)?.calls ?? {};
  const calls = (message.tool_calls ?? []).map(({ id = '', name, args }, at) => {
    const { thoughtSignature } = CallState.parse(states[id] ?? {});
    const signature =
      thoughtSignature ?? (at === 0 && needsSignature(options.model, states) ? NO_SIGNATURE : undefined);
    return {
      functionCall: { ...ownId(id), name, args },
      ...(signature === undefined ? {} : { thoughtSignature: signature }),
    };
  });
  return [{ role: 'model', content: [...textParts(message.text), ...calls] }];
}

function needsSignature(model: string, states: object): boolean {
  return /gemini-(?:[3-9]|\d\d)/.test(model) && Object.keys(states).length === 0;
}

/** Gemini wants its own ids back; those that we made for it mean nothing to it. */
function ownId(id: string): { readonly id?: string } {
  return id === '' || id.startsWith('call_') ? {} : { id };
}

function textParts(content: string): readonly object[] {
  return content === '' ? [] : [{ text: content }];
}

/** A function's response must be an object. */
function responseOf(content: string): object {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { result: value };
  } catch {
    return { result: content };
  }
}

function readResponse(
  { error, promptFeedback, candidates, usageMetadata: usage }: ResponseShape,
  reply: ReplyAssembler,
): void {
  if (error !== undefined && error !== null) return reply.fail(failureError(readFailure(error)));
  const reported =
    usage &&
    reportedUsage(
      [usage.promptTokenCount, usage.toolUsePromptTokenCount],
      [usage.candidatesTokenCount, usage.thoughtsTokenCount],
    );
  if (reported) reply.used(reported);
  if (promptFeedback?.blockReason) return reply.refuse();
  const [candidate] = candidates ?? [];
  for (const part of candidate?.content?.parts ?? []) readPart(part, reply);
  const reason = candidate?.finishReason?.toUpperCase();
  if (!reason || reason === 'FINISH_REASON_UNSPECIFIED') return;
  if (REFUSAL.test(reason)) reply.refuse();
  else if (reason === 'MAX_TOKENS') reply.finish('length');
  else if (reason === 'STOP') reply.finish('stop');
  else reply.fail(failureError({}));
}

function readPart(
  { text: content, thought, functionCall, thoughtSignature }: z.infer<typeof Part>,
  reply: ReplyAssembler,
): void {
  if (functionCall) {
    const { id, name, args } = functionCall;
    const state = thoughtSignature ? { thoughtSignature } : undefined;
    // Every part is a whole call.
    return reply.toolCall({ index: reply.callCount, id, name, args: args ?? {}, state });
  }
  if (thought === true) reply.reasoning();
  else reply.text(content ?? '');
}
