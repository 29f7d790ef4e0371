import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Problem, type Principal } from '@adiuva/kernel';
import type { ChatContext } from '@adiuva/agents';
import { Orchestrator, type OrchestratorResult } from '@adiuva/orchestrator';
import { Log, Metrics, requestContext, ServerConfig } from '@adiuva/platform';
import { LeakScrubber, Said } from '@adiuva/prompts';
import { ChatStream } from './chat-stream';
import { GuardedSpeech } from './guarded-speech';

export interface ChatRequest {
  readonly message: string;
  readonly context: ChatContext;
  readonly agents?: readonly string[];
}

export type ChatResult = OrchestratorResult;

const MOST_STREAMS_OF_A_USER = 100;

/** Starts answers and knows those under way, so that they can be cancelled, and waited for when the process ends. */
@Injectable()
export class Chat implements BeforeApplicationShutdown {
  private readonly running = new Map<string, Map<string, ChatStream<ChatResult>>>();

  constructor(
    private readonly orchestrator: Orchestrator,
    private readonly config: ServerConfig,
    private readonly metrics: Metrics,
    private readonly log: Log,
    private readonly leaks: LeakScrubber,
  ) {}

  /**
   * Starts answering and returns the stream at once. Throws `upgrade_required` or `validation_failed` for agents that the caller may
   * not use, `conflict` while another answer of the user has the same id, `rate_limited` for too many at once.
   */
  start(caller: Principal, request: ChatRequest, requestId: string): ChatStream<ChatResult> {
    this.orchestrator.check(caller, request.agents);
    const streams = this.running.get(caller.userId) ?? new Map<string, ChatStream<ChatResult>>();
    if (streams.has(requestId)) throw new Problem('conflict', { detail: 'A chat with this request_id is under way' });
    if (streams.size >= MOST_STREAMS_OF_A_USER)
      throw new Problem('rate_limited', { detail: 'Too many chats at once', retryAfter: 5 });
    const stream = new ChatStream<ChatResult>(requestId);
    this.running.set(caller.userId, streams.set(requestId, stream));
    void requestContext.run({ requestId }, () => this.answer(caller, request, stream));
    return stream;
  }

  /** Stops one of the caller's own answers. Throws `not_found`. */
  cancel(caller: Principal, requestId: string): void {
    const stream = this.running.get(caller.userId)?.get(requestId);
    if (!stream) throw new Problem('not_found');
    stream.cancel();
  }

  /** Lets answers end by themselves for the grace, then ends them with `unavailable`. */
  async beforeApplicationShutdown(): Promise<void> {
    const streams = [...this.running.values()].flatMap((ofUser) => [...ofUser.values()]);
    const ended = Promise.allSettled(streams.map((stream) => stream.outcome()));
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => (timer = setTimeout(resolve, this.config.SHUTDOWN_GRACE_MS)));
    await Promise.race([ended, grace]);
    clearTimeout(timer);
    for (const stream of streams)
      stream.cancel(new Problem('unavailable', { detail: 'The server is restarting', retryAfter: 5 }));
  }

  private async answer(caller: Principal, request: ChatRequest, stream: ChatStream<ChatResult>): Promise<void> {
    const started = performance.now();
    this.metrics.streams.inc();
    const said = new Said([request.message]).add(request.context);
    try {
      const speech = new GuardedSpeech(stream, this.leaks, said);
      const answered = await this.orchestrator.run(caller, request, (text) => speech.say(text), stream.signal);
      const result = await speech.finish(answered);
      stream.finish(result);
      this.log.info('chat_done', {
        agent: result.agent,
        count: result.actions.length,
        ms: Math.round(performance.now() - started),
      });
    } catch (error) {
      stream.fail(this.leaks.problem(this.problemOf(error), said));
    } finally {
      this.metrics.streams.dec();
      this.forget(caller.userId, stream);
    }
  }

  private problemOf(error: unknown): Problem {
    if (error instanceof Problem) {
      if (error.status >= 500) this.log.warn('chat_failed', { code: error.code, error });
      return error;
    }
    this.log.error('chat_broke', { error });
    return new Problem('internal_error', { cause: error });
  }

  private forget(userId: string, stream: ChatStream<ChatResult>): void {
    const streams = this.running.get(userId);
    streams?.delete(stream.id);
    if (streams?.size === 0) this.running.delete(userId);
  }
}
