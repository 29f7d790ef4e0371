import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Models, NO_USAGE, type ModelCall, type ModelRole } from '@adiuva/llm';
import type { ModelReply } from './journal';
import type { TokenSink, TurnContext } from './turn-context';

const SHOWN_REASONING = 'The language model sent its reasoning as its answer. Please try again';

/** Calls a model within a turn: every reply counts against its budget, goes through its journal and is streamed to a sink. */
@Injectable()
export class ModelCaller {
  constructor(private readonly models: Models) {}

  async call(
    turn: TurnContext,
    role: ModelRole,
    call: ModelCall,
    emit?: TokenSink,
    signal = turn.signal,
  ): Promise<ModelReply> {
    turn.budget.takeModelCall();
    if (!turn.journal.replaying) return turn.journal.reply(() => this.live(turn, role, call, emit, signal));
    await turn.admitted;
    const past = await turn.journal.reply(() => Promise.reject(new Error('the journal has the reply')));
    if (past.text !== '') await emit?.(past.text);
    return past;
  }

  /** Whether the built-in assistant, which writes no free text, serves the role. */
  isOffline(role: ModelRole): boolean {
    return this.models.isOffline(role);
  }

  private async live(
    turn: TurnContext,
    role: ModelRole,
    call: ModelCall,
    emit: TokenSink | undefined,
    signal: AbortSignal,
  ): Promise<ModelReply> {
    const texts: string[] = [];
    let rest: Omit<ModelReply, 'text'> = { calls: [], usage: NO_USAGE, finishReason: 'stop' };
    for await (const { text, retracts, calls, usage = NO_USAGE, finishReason, state } of this.models.stream(
      turn.caller,
      role,
      call,
      signal,
      turn.admitted,
    )) {
      if (retracts && emit && texts.length > 0) throw new Problem('upstream_failed', { detail: SHOWN_REASONING });
      if (retracts) texts.length = 0;
      if (text !== '') {
        texts.push(text);
        const wait = emit?.(text);
        if (wait === false) break;
        if (wait) await wait;
      }
      if (finishReason) rest = { calls, usage, finishReason, ...(state ? { state } : {}) };
    }
    return { text: texts.join(''), ...rest };
  }
}
