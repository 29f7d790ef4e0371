import { Problem } from '@adiuva/kernel';
import type { ClientToolResult, ClientToolCall } from '@adiuva/agents';

/** A tool call that waits for the client. */
export interface ClientCall extends ClientToolCall {
  readonly callId: string;
}

/** What a listener of a stream receives: tokens numbered from 0 without a gap, then exactly one of `done` and `failed`. */
export interface StreamListener<R> {
  token(index: number, text: string): void;
  /** A tool call whose answer goes to `answer` of the stream. */
  ask(call: ClientCall): void;
  done(result: R): void;
  failed(problem: Problem): void;
  /** Another listener has replaced this one, which receives nothing more. */
  replaced?(): void;
  /** Bytes that have been handed to the listener and have not left this process; none where it is not known. */
  unsent?(): number;
  /** Resolves when something of that has left, or when it never will. */
  drained?(): Promise<void>;
}

/** What receives every event of a stream, whether a listener follows it or not. */
export interface StreamRecorder<R> extends Pick<StreamListener<R>, 'token' | 'ask' | 'done' | 'failed'> {
  answered(callId: string): void;
}

type Ending<R> = { readonly result: R } | { readonly problem: Problem };

export type StreamState = 'running' | 'done' | 'failed';

/** Bytes that may be buffered for a slow or disconnected client before the model has to wait. */
export const MAX_BUFFERED_BYTES = 256 * 1024;
/** Measuring costs more than sending, so it is done once in this many bytes. */
const MEASURED_EVERY_BYTES = 16 * 1024;

/**
 * One answer in progress. Socket, SSE and JSON are renderings of it: one listener at a time follows the stream from any token on and
 * receives the earlier tokens once, then the rest. A new listener replaces the old one. The client's tool results, back-pressure and
 * cancellation flow the other way; to stop following is not to cancel.
 */
export class ChatStream<R> {
  private readonly tokens: string[] = [];
  private readonly abort = new AbortController();
  private readonly calls = new Map<string, { call: ClientCall; settle: (answer: ClientToolResult) => void }>();
  private listener: StreamListener<R> | undefined;
  private recorder: StreamRecorder<R> | undefined;
  private ending: Ending<R> | undefined;
  private unmeasured = 0;
  private undelivered = 0;
  private wake: () => void = () => undefined;
  private over: () => void = () => undefined;

  /** Resolves when the stream has ended, well or not. */
  readonly ended = new Promise<void>((resolve) => (this.over = resolve));

  constructor(
    readonly id: string,
    /** The session that asked; the stream ends with it. */
    readonly sessionId = '',
    /** The client's key for resuming; who resumes must show it. */
    readonly resumeKey?: string,
  ) {}

  /** Aborts when the stream is cancelled. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get state(): StreamState {
    if (!this.ending) return 'running';
    return 'result' in this.ending ? 'done' : 'failed';
  }

  get followed(): boolean {
    return this.listener !== undefined;
  }

  /** How many tokens there are so far. */
  get length(): number {
    return this.tokens.length;
  }

  get text(): string {
    return this.tokens.join('');
  }

  /** Sends one token. A promise asks the producer to wait until the buffer has drained. */
  push(text: string): Promise<void> | undefined {
    if (this.ending || text === '') return undefined;
    const index = this.tokens.push(text) - 1;
    this.recorder?.token(index, text);
    this.listener?.token(index, text);
    this.unmeasured += text.length;
    return this.unmeasured < MEASURED_EVERY_BYTES ? undefined : this.measure();
  }

  /** From now on `recorder` receives every event, first those so far; one that has ended is over for it immediately. */
  record(recorder: StreamRecorder<R>): void {
    this.recorder = recorder;
    for (const [index, text] of this.tokens.entries()) recorder.token(index, text);
    for (const { call } of this.calls.values()) recorder.ask(call);
    if (this.ending) tellEnd(recorder, this.ending);
  }

  /** Asks the client. The current listener receives the call, and so does a later one; the first answer counts. */
  ask(call: ClientCall): Promise<ClientToolResult> {
    return new Promise((settle) => {
      this.calls.set(call.callId, { call, settle });
      this.recorder?.ask(call);
      this.listener?.ask(call);
    });
  }

  /** Answers an open tool call. Returns false for one that is unknown or answered already. */
  answer(callId: string, answer: ClientToolResult): boolean {
    const open = this.calls.get(callId);
    if (!open) return false;
    this.calls.delete(callId);
    this.recorder?.answered(callId);
    open.settle(answer);
    return true;
  }

  finish(result: R): void {
    if (this.ending) return;
    this.end({ result });
  }

  fail(problem: Problem): void {
    if (this.ending) return;
    this.end({ problem });
  }

  /** Aborts the work immediately; the listener receives `cancelled`. */
  cancel(reason: Problem = new Problem('cancelled')): void {
    if (this.ending) return;
    this.fail(reason);
    this.abort.abort(reason);
  }

  /** Sends `listener` everything from token `from` on. Returns the function that stops following; the stream itself continues. */
  follow(listener: StreamListener<R>, from = 0): () => void {
    for (let index = from; index < this.tokens.length; index += 1) listener.token(index, this.tokens[index] ?? '');
    if (this.ending) {
      tellEnd(listener, this.ending);
      return () => undefined;
    }
    for (const { call } of this.calls.values()) listener.ask(call);
    this.listener?.replaced?.();
    this.listener = listener;
    this.undelivered = 0;
    this.wake();
    return () => {
      if (this.listener === listener) this.listener = undefined;
      this.wake();
    };
  }

  /** The result, or the problem as a rejection, for a caller that needs no tokens. */
  async outcome(): Promise<R> {
    if (!this.listener) this.follow(NO_LISTENER, this.tokens.length);
    await this.ended;
    if (!this.ending || 'problem' in this.ending) throw this.ending?.problem ?? new Problem('internal_error');
    return this.ending.result;
  }

  private measure(): Promise<void> | undefined {
    const { listener } = this;
    const added = this.unmeasured;
    this.unmeasured = 0;
    this.undelivered = listener ? 0 : this.undelivered + added;
    return this.isOverHighWaterMark() ? this.whenDrained() : undefined;
  }

  private isOverHighWaterMark(): boolean {
    return (
      (this.listener ? (this.listener.unsent?.() ?? 0) : this.undelivered) > MAX_BUFFERED_BYTES - MEASURED_EVERY_BYTES
    );
  }

  /** Waits until the listener has sent enough, is replaced, or the stream has ended. */
  private async whenDrained(): Promise<void> {
    while (!this.ending && this.isOverHighWaterMark()) {
      const changed = new Promise<void>((resolve) => (this.wake = resolve));
      await Promise.race([changed, this.listener?.drained?.() ?? changed]);
    }
  }

  private end(ending: Ending<R>): void {
    const { listener } = this;
    this.ending = ending;
    this.listener = undefined;
    this.calls.clear();
    this.wake();
    if (this.recorder) tellEnd(this.recorder, ending);
    if (listener) tellEnd(listener, ending);
    this.over();
  }
}

function tellEnd<R>(listener: Pick<StreamListener<R>, 'done' | 'failed'>, ending: Ending<R>): void {
  if ('result' in ending) listener.done(ending.result);
  else listener.failed(ending.problem);
}

const NO_LISTENER: StreamListener<unknown> = {
  token: () => undefined,
  ask: () => undefined,
  done: () => undefined,
  failed: () => undefined,
};
