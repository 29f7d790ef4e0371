import { z } from 'zod';
import { AIMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { stateOf } from '../../streaming/assistant-message';
import { functionTools } from '../../streaming/chat-model.port';
import { lineFraming } from '../../streaming/framing';
import type { ReplyAssembler } from '../../streaming/reply-assembler';
import { reportedUsage, tokenCount } from '../../usage';
import { failureError, readFailure } from '../provider-failure';
import type { WireProtocol } from '../wire-protocol';

const text = z.string().nullish().catch(null);
const Line = z.object({
  error: z.unknown().optional(),
  message: z
    .object({
      content: text,
      thinking: text,
      tool_calls: z
        .array(
          z.object({
            id: text,
            name: text,
            arguments: z.unknown().optional(),
            function: z.object({ name: text, arguments: z.unknown().optional() }).nullish().catch(null),
          }),
        )
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
  done: z.union([z.boolean(), z.literal('true').transform(() => true)]).catch(false),
  done_reason: text,
  prompt_eval_count: tokenCount,
  eval_count: tokenCount,
});

export interface OllamaOptions {
  readonly origin: string;
  readonly model: string;
  readonly maxOutputTokens: number;
}

/** Ollama's own chat. Its OpenAI-compatible endpoint reports neither a failure in mid-stream nor thinking as such. */
export function ollamaChat({ origin, model, maxOutputTokens }: OllamaOptions): WireProtocol {
  return {
    framing: lineFraming,
    request: (call) => {
      const tools = functionTools(call);
      return {
        model,
        messages: call.messages.map((message) => messageOf(message, origin)),
        ...(tools.length > 0 ? { tools } : {}),
        options: { num_predict: maxOutputTokens },
        stream: true,
      };
    },
    reader: (reply) => lineReader(reply),
  };
}

function messageOf(message: BaseMessage, origin: string): object {
  const content = message.text;
  if (message instanceof ToolMessage) return { role: 'tool', content, tool_name: message.name };
  if (message instanceof AIMessage) {
    const calls = (message.tool_calls ?? []).map(({ name, args }) => ({ function: { name, arguments: args } }));
    const thinking = stateOf(message, origin)?.message;
    return {
      role: 'assistant',
      content,
      ...(typeof thinking === 'string' ? { thinking } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    };
  }
  return { role: message instanceof SystemMessage ? 'system' : 'user', content };
}

const MAX_THINKING = 1_048_576;

function lineReader(reply: ReplyAssembler) {
  let thinking = '';
  return (data: string): void => {
    const line = Line.parse(JSON.parse(data));
    if (line.error !== undefined && line.error !== null) return reply.fail(failureError(readFailure(line.error)));
    const { message } = line;
    if (message?.thinking) {
      thinking += message.thinking;
      if (thinking.length > MAX_THINKING) throw new Error('the thinking of an answer is too long');
      reply.keep(thinking);
      reply.reasoning();
    }
    reply.text(message?.content ?? '');
    for (const call of message?.tool_calls ?? []) {
      const { name, arguments: args } = call.function ?? call;
      // Every entry is a whole call.
      reply.toolCall({ index: reply.callCount, id: call.id, name, args: args ?? {} });
    }
    if (!line.done) return;
    const usage = reportedUsage([line.prompt_eval_count], [line.eval_count]);
    if (usage) reply.used(usage);
    reply.finish(line.done_reason === 'length' ? 'length' : 'stop');
    reply.end();
  };
}
