import { Injectable } from '@nestjs/common';
import { Clock, Problem, type Principal } from '@adiuva/kernel';
import type { ClientToolResult } from '@adiuva/agents';
import { Orchestrator } from '@adiuva/orchestrator';
import { requestContext } from '@adiuva/platform';
import { ChatRunner, type StartState } from './chat-runner.service';
import type { ChatRequest, ChatResult, ClientResult } from './chat-request';
import type { ChatStream } from './chat-stream';
import { ChatStreams, type OpeningStream, type Resumable } from './chat-streams.service';
import { Continuations, type OpenState } from './continuation.service';
import type { FollowableChat } from './followable-chat';
import { LargeContexts } from './large-contexts';

export interface ChatId {
  readonly requestId: string;
  /** Undefined where the client waits for the whole answer. */
  readonly resumable?: Resumable | undefined;
}

/** Starts answers, and finds those in progress. */
@Injectable()
export class Chat {
  private readonly largeContexts = new LargeContexts();

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly continuations: Continuations,
    private readonly chatRunner: ChatRunner,
    private readonly clock: Clock,
    private readonly streams: ChatStreams,
  ) {}

  /**
   * Starts answering and returns the stream. Throws `upgrade_required` or `validation_failed` for agents that the caller may
   * not use, `conflict` while another answer of the user has the same id, `too_many_streams`, `unavailable` while too many contexts are large.
   */
  async start(caller: Principal, request: ChatRequest, id: ChatId): Promise<ChatStream<ChatResult>> {
    await this.orchestrator.check(caller, request.agents);
    const from = { startedAt: this.clock.now(), journal: [], spentMs: 0, toolArguments: [] };
    return this.begin(caller, request, from, id);
  }

  /**
   * Resumes a chat that stopped to ask the client. Throws `not_found` for an invalid continuation, `continuation_spent`,
   * `validation_failed` for results that do not match the tool calls.
   */
  async resume(
    caller: Principal,
    continuation: string,
    results: readonly ClientResult[],
    id: ChatId,
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
    const stream = await this.beginAgain(caller, state, () => this.begin(caller, request, from, id));
    void stream.ended.then(() => {
      const silent = stream.state === 'failed' && stream.length === 0 && !stream.signal.aborted;
      return this.continuations.settle(caller, state, !silent);
    });
    return stream;
  }

  /**
   * The caller's chat, on whichever node, to be followed from token `from` on. Throws `not_found`, also where it was started with another
   * key, and `validation_failed` for an index after its last token.
   */
  find(caller: Principal, requestId: string, from: number, resumeKey?: string): Promise<FollowableChat> {
    return this.streams.find(caller, requestId, from, resumeKey);
  }

  /** A stream that was just started, for its client in this process. */
  local(stream: ChatStream<ChatResult>): FollowableChat {
    return this.streams.local(stream);
  }

  /** Stops one of the caller's own answers, on whichever node. Throws `not_found`. */
  cancel(caller: Principal, requestId: string): Promise<void> {
    return this.streams.cancel(caller, requestId);
  }

  /** Stops an answer of the caller that this node is producing, also while it is being registered; false where there is none. */
  cancelLocal(caller: Principal, requestId: string): boolean {
    return this.streams.cancelLocal(caller, requestId);
  }

  /** Users and sessions with a running answer in this process. */
  get sessions(): readonly { readonly userId: string; readonly sessionId: string }[] {
    return this.streams.sessions;
  }

  /** Stops the answers of a session that has ended; no further model call starts for them. */
  cancelSession(userId: string, sessionId: string): void {
    this.streams.cancelSession(userId, sessionId);
  }

  /** What is refused has not spent its continuation. */
  private async beginAgain<T>(caller: Principal, state: OpenState, begin: () => Promise<T>): Promise<T> {
    try {
      return await begin();
    } catch (error) {
      await this.continuations.settle(caller, state, false);
      throw error;
    }
  }

  private async begin(
    caller: Principal,
    request: ChatRequest,
    from: StartState,
    { requestId, resumable }: ChatId,
  ): Promise<ChatStream<ChatResult>> {
    const release = this.largeContexts.reserve(request);
    try {
      const opening = this.streams.open(caller, requestId, resumable);
      const work = () => this.answer(caller, request, from, opening);
      void requestContext.run(requestContext.getStore() ?? { requestId }, work).finally(release);
      await opening.registered;
      return opening.stream;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Never throws: what refuses the stream is thrown by `begin`. */
  private async answer(
    caller: Principal,
    request: ChatRequest,
    from: StartState,
    { stream, registered, mayStart }: OpeningStream,
  ): Promise<void> {
    try {
      await mayStart;
      await this.chatRunner
        .answer(caller, request, from, stream, registered)
        .catch((cause: unknown) => stream.fail(new Problem('internal_error', { cause })));
      await registered;
    } catch {
      return;
    }
    this.streams.complete(caller, stream);
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
