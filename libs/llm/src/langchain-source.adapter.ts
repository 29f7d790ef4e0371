import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { AIMessageChunk } from '@langchain/core/messages';
import type { Inlet } from './inlet';
import { functionTools, type ModelCall, type ModelSource } from './model-source.port';
import type { Piece } from './piece';
import { usageOf } from './usage';

/** Any chat model of LangChain, by LangChain's own stream. */
export class LangchainSource implements ModelSource {
  /** `wantsAllTools`: the provider refuses a talk with tool calls in it where the tools are missing, also when none may be called. */
  constructor(
    private readonly model: BaseChatModel,
    private readonly wantsAllTools = false,
  ) {}

  async ask(call: ModelCall, inlet: Inlet, signal: AbortSignal): Promise<void> {
    const chunks = await this.bound(call).stream([...call.messages], { signal });
    this.flow(chunks, inlet).then(
      () => inlet.end(),
      (error: unknown) => inlet.fail(error),
    );
  }

  private bound({ tools = [], mustCall, mayCall }: ModelCall) {
    if (tools.length === 0 || !this.model.bindTools || (mayCall === false && !this.wantsAllTools)) return this.model;
    const choice = mayCall === false ? 'none' : mustCall;
    return this.model.bindTools(functionTools(tools), choice === undefined ? {} : { tool_choice: choice });
  }

  private async flow(chunks: AsyncIterable<AIMessageChunk>, inlet: Inlet): Promise<void> {
    let room: Promise<void> | undefined;
    let resume: () => void = () => undefined;
    inlet.connect({
      pause: () => {
        room = new Promise((resolve) => (resume = resolve));
      },
      resume: () => {
        room = undefined;
        resume();
      },
    });
    for await (const chunk of chunks) {
      const piece = pieceOf(chunk);
      if (piece) inlet.push(piece);
      if (room) await room;
    }
  }
}

function pieceOf(chunk: AIMessageChunk): Piece | undefined {
  const { text, tool_call_chunks: parts = [] } = chunk;
  const used = usageOf(chunk);
  if (text === '' && parts.length === 0 && !used) return undefined;
  return {
    text,
    calls: parts.map(({ index, id, name, args }, at) => ({ index: index ?? at, id, name, args: args ?? '' })),
    usage: used && { inputTokens: used.input_tokens, outputTokens: used.output_tokens },
  };
}
