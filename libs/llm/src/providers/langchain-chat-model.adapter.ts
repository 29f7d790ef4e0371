import { z } from 'zod';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessageChunk } from '@langchain/core/messages';
import { ChatModel, functionTools, type ModelCall } from '../streaming/chat-model.port';
import type { ChunkQueue } from '../streaming/chunk-queue';
import { ReplyAssembler } from '../streaming/reply-assembler';
import { addUsage, NO_USAGE, type TokenUsage } from '../usage';

/** A chat model of LangChain that runs in this process, by LangChain's own stream. */
export class LangchainChatModel extends ChatModel {
  constructor(
    private readonly model: BaseChatModel,
    private readonly origin: string,
  ) {
    super();
  }

  async stream(call: ModelCall, queue: ChunkQueue, signal: AbortSignal): Promise<void> {
    const chunks = await this.bind(call).stream([...call.messages], { signal });
    const reply = new ReplyAssembler(queue, call, this.origin);
    readChunks(chunks, reply, queue).then(
      () => reply.end(),
      (error: unknown) => reply.fail(error),
    );
  }

  private bind(call: ModelCall) {
    const tools = functionTools(call);
    if (tools.length === 0 || !this.model.bindTools) return this.model;
    return this.model.bindTools(tools, call.mustCall === undefined ? {} : { tool_choice: call.mustCall });
  }
}

async function readChunks(
  chunks: AsyncIterable<AIMessageChunk>,
  reply: ReplyAssembler,
  queue: ChunkQueue,
): Promise<void> {
  let drained: Promise<void> | undefined;
  let resume: () => void = () => undefined;
  queue.connect({
    pause: () => {
      drained = new Promise((resolve) => (resume = resolve));
    },
    resume: () => {
      drained = undefined;
      resume();
    },
  });
  let usage = NO_USAGE;
  for await (const chunk of chunks) {
    reply.text(chunk.text);
    for (const { index, id, name, args } of chunk.tool_call_chunks ?? []) reply.toolCall({ index, id, name, args });
    usage = addUsage(usage, usageOf(chunk));
    if (drained) await drained;
  }
  reply.used(usage);
  reply.finish('stop');
}

/** LangChain's own type of a chunk hides the member. */
function usageOf(chunk: object): TokenUsage {
  const usage = z
    .object({ input_tokens: z.number(), output_tokens: z.number() })
    .safeParse('usage_metadata' in chunk ? chunk.usage_metadata : undefined);
  return usage.success ? { inputTokens: usage.data.input_tokens, outputTokens: usage.data.output_tokens } : NO_USAGE;
}
