import { Injectable } from '@nestjs/common';
import { Models, ToolCalls, type ModelCall, type Role } from '@adiuva/llm';
import { addUsage } from './answer-builder';
import type { ModelReply, Usage } from './journal';
import type { TokenSink, TurnContext } from './turn-context';

/** Asks a model within a turn: every reply goes through its journal, and is heard piece by piece while it is made. */
@Injectable()
export class ModelCaller {
  constructor(private readonly models: Models) {}

  async call(
    turn: TurnContext,
    role: Role,
    call: ModelCall,
    hear: TokenSink = () => undefined,
    signal = turn.signal,
  ): Promise<ModelReply> {
    if (!turn.journal.replaying) return turn.journal.reply(() => this.live(turn, role, call, hear, signal));
    const past = await turn.journal.reply(() => Promise.reject(new Error('the journal has the reply')));
    if (past.text !== '') await hear(past.text);
    return past;
  }

  private async live(
    turn: TurnContext,
    role: Role,
    call: ModelCall,
    hear: TokenSink,
    signal: AbortSignal,
  ): Promise<ModelReply> {
    const said: string[] = [];
    const calling = new ToolCalls();
    let usage: Usage = { inputTokens: 0, outputTokens: 0 };
    for await (const piece of this.models.stream(turn.caller, role, call, signal)) {
      if (piece.text !== '') {
        said.push(piece.text);
        const wait = hear(piece.text);
        if (wait === false) return { text: said.join(''), calls: [], usage };
        if (wait) await wait;
      }
      calling.add(piece.calls);
      if (piece.usage) usage = addUsage(usage, piece.usage);
    }
    return { text: said.join(''), calls: [...calling.all], usage };
  }
}
