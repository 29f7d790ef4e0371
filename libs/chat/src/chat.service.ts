import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import type { ClientToolResult } from '@adiuva/agents';
import { Orchestrator } from '@adiuva/orchestrator';
import { ServerConfig } from '@adiuva/config';
import { requestContext } from '@adiuva/platform';
import { ChatRunner, type StartState } from './chat-runner.service';
import type { ChatRequest, ChatResult, ClientResult } from './chat-request';
import { ChatStream, type StreamListener } from './chat-stream';
import { ChatConfig } from './chat.config';
import { Continuations, type OpenState } from './continuation.service';
import { LargeContexts } from './large-contexts';
import { StreamRegistry } from './stream-registry';

/** Starts answers and tracks those in progress, so that they can be resumed, cancelled, and drained at shutdown. */
@Injectable()
export class Chat implements BeforeApplicationShutdown {
  private readonly streams: StreamRegistry<ChatResult>;
  private readonly largeContexts = new LargeContexts();

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly continuations: Continuations,
    private readonly chatRunner: ChatRunner,
    private readonly config: ServerConfig,
    private readonly clock: Clock,
    private readonly chats: ChatConfig,
  ) {
    this.streams = new StreamRegistry(chats.CHAT_DETACHED_TTL_MS);
  }

  /**
   * Starts answering and returns the stream. Throws `upgrade_required` or `validation_failed` for agents that the caller may
   * not use, `conflict` while another answer of the user has the same id, `too_many_streams`, `unavailable` while too many contexts are large.
   */
  async start(caller: Principal, request: ChatRequest, requestId: string): Promise<ChatStream<ChatResult>> {
    await this.orchestrator.check(caller, request.agents);
    return this.begin(
      caller,
      request,
      { startedAt: this.clock.now(), journal: [], spentMs: 0, toolArguments: [] },
      requestId,
    );
  }

  /**
   * Resumes a chat that stopped to ask the client. Throws `not_found` for an invalid continuation, `continuation_spent`,
   * `validation_failed` for results that do not match the tool calls.
   */
  async resume(
    caller: Principal,
    continuation: string,
    results: readonly ClientResult[],
    requestId: string,
  ): Promise<ChatStream<ChatResult>> {
    const state = this.continuations.open(caller, continuation);
    const answers = inOrder(state.pending, results);
    await this.orchestrator.check(caller, state.agents);
    await this.continuations.spend(caller, state);
    const { message, context, mode, agents } = state;
    const journal = [...state.journal, { kind: 'answers' as const, answers }];
    const request = { message, context, mode, agents, clientTools: 'continuation' as const };
    const from = {
      startedAt: new Date(state.startedAt),
      journal,
      spentMs: state.spentMs,
      toolArguments: state.toolArguments,
    };
    const stream = await this.beginAgain(caller, state, () => this.begin(caller, request, from, requestId));
    void stream.ended.then(() => {
      const silent = stream.state === 'failed' && stream.length === 0 && !stream.signal.aborted;
      return this.continuations.settle(caller, state, !silent);
    });
    return stream;
  }

  /** Throws `not_found` for no chat of the caller, `validation_failed` for an index after its last token. */
  assertExists(caller: Principal, requestId: string, from: number): void {
    if (from <= this.streams.find(caller.userId, requestId).length) return;
    throw new Problem('validation_failed', { errors: [{ field: 'next_index', message: 'lies after the last token' }] });
  }

  /**
   * Attaches `listener` to one of the caller's answers from token `from` on; replaces the current listener. Returns the function that
   * detaches it, undefined where the answer has ended. A detached answer continues for `CHAT_DETACHED_TTL_MS`. Throws `not_found`.
   */
  follow(
    caller: Principal,
    requestId: string,
    listener: StreamListener<ChatResult>,
    from = 0,
  ): (() => void) | undefined {
    const stream = this.streams.find(caller.userId, requestId);
    this.streams.cancelOrphanTimer(stream);
    const unfollow = stream.follow(listener, from);
    if (stream.state !== 'running') return undefined;
    return () => {
      unfollow();
      this.streams.detach(stream);
    };
  }

  /** Answers an open tool call of one of the caller's chats; a late or repeated answer changes nothing. */
  answerCall(caller: Principal, requestId: string, callId: string, answer: ClientToolResult): void {
    this.streams.find(caller.userId, requestId).answer(callId, answer);
  }

  /** Stops one of the caller's own answers. Throws `not_found`. */
  cancel(caller: Principal, requestId: string): void {
    this.streams.find(caller.userId, requestId).cancel();
  }

  /** Users and sessions with a running answer. */
  get sessions(): readonly { readonly userId: string; readonly sessionId: string }[] {
    return this.streams.sessions;
  }

  /** Stops the answers of a session that has ended; no further model call starts for them. */
  cancelSession(userId: string, sessionId: string): void {
    for (const stream of this.streams.of(userId)) {
      if (stream.sessionId === sessionId)
        stream.cancel(new Problem('unauthenticated', { detail: 'This session is over' }));
    }
  }

  /** Waits for running answers for the grace period, then ends them with `unavailable`. */
  async beforeApplicationShutdown(): Promise<void> {
    const streams = this.streams.all;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.config.SHUTDOWN_GRACE_MS)));
    await Promise.race([Promise.all(streams.map(({ ended }) => ended)), grace]);
    clearTimeout(timer);
    for (const stream of streams) {
      stream.cancel(new Problem('unavailable', { detail: 'The server is restarting', retryAfter: 5 }));
    }
    this.streams.clear();
  }

  /** What is refused has not spent its continuation. */
  private async beginAgain<T>(caller: Principal, state: OpenState, begin: () => T): Promise<T> {
    try {
      return begin();
    } catch (error) {
      await this.continuations.settle(caller, state, false);
      throw error;
    }
  }

  private begin(caller: Principal, request: ChatRequest, from: StartState, requestId: string): ChatStream<ChatResult> {
    const stream = new ChatStream<ChatResult>(requestId, caller.sessionId);
    const release = this.largeContexts.reserve(request);
    try {
      this.streams.add(caller.userId, stream, this.chats.maxStreams(caller.tier));
    } catch (error) {
      release();
      throw error;
    }
    const work = () => this.chatRunner.answer(caller, request, from, stream);
    void requestContext.run(requestContext.getStore() ?? { requestId }, work).finally(() => {
      release();
      this.streams.complete(caller.userId, stream);
    });
    return stream;
  }
}

/** The answers in the order of the tool calls; there must be exactly one for each. */
function inOrder(pending: readonly string[], results: readonly ClientResult[]): ClientToolResult[] {
  const given = new Map(results.map(({ callId, answer }) => [callId, answer]));
  const answers = pending.flatMap((callId) => given.get(callId) ?? []);
  if (answers.length !== pending.length || results.length !== pending.length) {
    const message = 'must answer each of the tool calls, once, and nothing else';
    throw new Problem('validation_failed', { errors: [{ field: 'tool_results', message }] });
  }
  return answers;
}
