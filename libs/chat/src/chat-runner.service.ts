import { Injectable } from '@nestjs/common';
import { newId, Problem, type Principal } from '@adiuva/kernel';
import {
  Journal,
  TurnBudget,
  type ClientToolExecutor,
  type ClientToolCall,
  type JournalEntry,
  type TurnContext,
} from '@adiuva/agents';
import { Orchestrator } from '@adiuva/orchestrator';
import { Log } from '@adiuva/platform';
import { LeakScrubber, UserTexts } from '@adiuva/prompts';
import type { ChatRequest, ChatResult, RequiresAction } from './chat-request';
import { ChatObserver } from './chat-observer.service';
import type { ChatStream } from './chat-stream';
import { ChatConfig } from './chat.config';
import { Continuations } from './continuation.service';
import { GuardedOutput } from './guarded-output';

/** What an answer starts from: an empty journal, or that of a continuation. */
export interface StartState {
  readonly startedAt: Date;
  readonly journal: readonly JournalEntry[];
  /** Time of the message's budget that earlier requests have used. */
  readonly spentMs: number;
  /** Arguments of tool calls that earlier requests have sent to the client. */
  readonly toolArguments: readonly ClientToolCall['arguments'][];
}

/** Stops the work in progress, because the client answers in a request of its own. */
class ClientToolsRequired extends Error {
  constructor(readonly questions: readonly ClientToolCall[]) {
    super('the client is asked');
  }
}

/** Runs the orchestrator for a stream: its tokens, tool calls and result pass through `GuardedOutput`. */
@Injectable()
export class ChatRunner {
  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly continuations: Continuations,
    private readonly config: ChatConfig,
    private readonly observer: ChatObserver,
    private readonly log: Log,
    private readonly leaks: LeakScrubber,
  ) {}

  /** Ends the stream, well or not; never throws. Nothing is delivered before `admitted`. */
  async answer(
    caller: Principal,
    request: ChatRequest,
    from: StartState,
    stream: ChatStream<ChatResult>,
    admitted: Promise<void>,
  ): Promise<void> {
    const started = performance.now();
    const observed = this.observer.start();
    const userTexts = new UserTexts([request.message])
      .add(request.context)
      .add(from.journal.filter(({ kind }) => kind === 'answers'));
    try {
      const earlier = answersIn(request.context);
      const output = new GuardedOutput(stream, this.leaks, userTexts, earlier, from.toolArguments);
      const result = await observed.run(() => this.work(caller, request, from, stream, output, admitted));
      await admitted;
      stream.finish(result);
      this.log.info('chat_done', { reason: result.kind, ms: Math.round(performance.now() - started) });
      observed.end('done');
    } catch (error) {
      // A refusal has ended the stream.
      await admitted.catch(() => undefined);
      const problem = this.toProblem(error);
      observed.end(problem.code === 'cancelled' ? 'cancelled' : 'failed', problem);
      stream.fail(this.leaks.problem(problem, userTexts));
    }
  }

  private async work(
    caller: Principal,
    request: ChatRequest,
    from: StartState,
    stream: ChatStream<ChatResult>,
    output: GuardedOutput,
    admitted: Promise<void>,
  ): Promise<ChatResult> {
    const journal = new Journal([...from.journal]);
    const budget = new TurnBudget(from.spentMs);
    const signal = AbortSignal.any([stream.signal, budget.signal]);
    const askClient = this.clientToolExecutor(request, stream, output, signal);
    const turn: TurnContext = {
      caller,
      context: request.context,
      now: from.startedAt,
      journal,
      budget,
      askClient,
      addUserTexts: (texts) => output.addUserText(texts),
      admitted,
      signal,
    };
    try {
      return await output.finish(await this.orchestrator.run(turn, request, (text) => output.write(text)));
    } catch (error) {
      if (!(error instanceof ClientToolsRequired)) throw error;
      return this.requiresAction(turn, request, error.questions, output.toolArguments);
    } finally {
      budget.end();
    }
  }

  private clientToolExecutor(
    { clientTools }: ChatRequest,
    stream: ChatStream<ChatResult>,
    output: GuardedOutput,
    signal: AbortSignal,
  ): ClientToolExecutor | undefined {
    if (clientTools === 'none') return undefined;
    return async (questions) => {
      const clean = questions.map((question) => output.toolCall(question));
      if (clientTools === 'continuation') throw new ClientToolsRequired(clean);
      const answers = await Promise.all(clean.map((question) => this.ask(question, stream, signal)));
      output.addUserText(answers);
      return answers;
    };
  }

  /** A client that does not answer in time is an error result that the agent can report. */
  private async ask(question: ClientToolCall, stream: ChatStream<ChatResult>, signal: AbortSignal) {
    const callId = newId();
    const timer = setTimeout(() => {
      stream.answer(callId, { error: 'The app on the user’s device did not answer' });
    }, this.config.CHAT_CLIENT_TIMEOUT_MS);
    try {
      return await Promise.race([stream.ask({ callId, ...question }), rejection(signal)]);
    } finally {
      clearTimeout(timer);
    }
  }

  private requiresAction(
    { caller, now, journal, budget }: TurnContext,
    { message, context, mode, agents }: ChatRequest,
    questions: readonly ClientToolCall[],
    toolArguments: readonly ClientToolCall['arguments'][],
  ): RequiresAction {
    const calls = questions.map((question) => ({ callId: newId(), ...question }));
    const continuation = this.continuations.seal(caller, {
      message,
      context,
      mode,
      agents: agents && [...agents],
      startedAt: now.getTime(),
      spentMs: budget.elapsedMs,
      toolArguments: [...toolArguments],
      journal: [...journal.entries],
      pending: calls.map(({ callId }) => callId),
    });
    return { kind: 'requires_action', calls, continuation };
  }

  private toProblem(error: unknown): Problem {
    if (error instanceof Problem) {
      if (error.status >= 500) this.log.warn('chat_failed', { code: error.code, error });
      return error;
    }
    this.log.error('chat_broke', { error });
    return new Problem('internal_error', { cause: error });
  }
}

function answersIn({ conversation_history: history = [] }: ChatRequest['context']): string[] {
  return history.flatMap(({ role, content }) => (role === 'assistant' ? content : []));
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
