import { Injectable } from '@nestjs/common';
import type { AIMessageChunk } from '@langchain/core/messages';
import { Models, usageOf, type ModelCall, type Role } from '@adiuva/llm';
import type { Reply, ToolCall } from './journal';
import type { Hear, Turn } from './turn';

/** Asks a model within a turn: every reply goes through its journal, and is heard piece by piece while it is made. */
@Injectable()
export class Thinking {
  constructor(private readonly models: Models) {}

  async ask(
    turn: Turn,
    role: Role,
    call: ModelCall,
    hear: Hear = () => undefined,
    signal = turn.signal,
  ): Promise<Reply> {
    if (!turn.journal.replaying) return turn.journal.reply(() => this.live(turn, role, call, hear, signal));
    const past = await turn.journal.reply(() => Promise.reject(new Error('the journal has the reply')));
    if (past.text !== '') await hear(past.text);
    return past;
  }

  private async live(turn: Turn, role: Role, call: ModelCall, hear: Hear, signal: AbortSignal): Promise<Reply> {
    const said: string[] = [];
    let calling: AIMessageChunk | undefined;
    let inputTokens = 0;
    let outputTokens = 0;
    for await (const chunk of this.models.stream(turn.caller, role, call, signal)) {
      const { text } = chunk;
      if (text !== '') {
        said.push(text);
        const wait = hear(text);
        if (wait === false) return { text: said.join(''), calls: [], usage: { inputTokens, outputTokens } };
        if (wait) await wait;
      }
      if ((chunk.tool_call_chunks?.length ?? 0) > 0) calling = calling ? calling.concat(chunk) : chunk;
      const used = usageOf(chunk);
      if (used) {
        inputTokens += used.input_tokens;
        outputTokens += used.output_tokens;
      }
    }
    return { text: said.join(''), calls: calling ? callsOf(calling) : [], usage: { inputTokens, outputTokens } };
  }
}

/** Calls whose arguments are no JSON are kept as they are: the tool's schema refuses them in words that the model can read. */
function callsOf({ tool_calls = [], invalid_tool_calls = [] }: AIMessageChunk): ToolCall[] {
  const calls = [
    ...tool_calls.map(({ id, name, args }) => ({ id, name, args })),
    ...invalid_tool_calls.map(({ id, name, args }) => ({ id, name: name ?? '', args: args ?? null })),
  ];
  return calls.map((call, index) => ({ ...call, id: call.id ?? `call_${index}` }));
}
