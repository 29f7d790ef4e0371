import { Problem } from '@adiuva/kernel';

/** What somebody who follows a stream hears: tokens numbered from 0 without a hole, then exactly one of `done` and `failed`. */
export interface StreamListener<R> {
  token(index: number, text: string): void;
  done(result: R): void;
  failed(problem: Problem): void;
}

export type StreamState = 'running' | 'done' | 'failed';

/**
 * One answer in the making. Socket, SSE and JSON are renderings of it: each follows the stream from any token on and hears what was
 * said before, once, and then the rest. Cancelling is the only thing that flows the other way.
 */
export class ChatStream<R> {
  private readonly tokens: string[] = [];
  private readonly listeners = new Set<StreamListener<R>>();
  private readonly abort = new AbortController();
  private result: R | undefined;
  private problem: Problem | undefined;
  private now: StreamState = 'running';

  constructor(readonly id: string) {}

  /** Ends when the stream is cancelled; whatever works for the stream listens to it. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get state(): StreamState {
    return this.now;
  }

  get text(): string {
    return this.tokens.join('');
  }

  push(text: string): void {
    if (this.now !== 'running' || text === '') return;
    const index = this.tokens.push(text) - 1;
    for (const listener of this.listeners) listener.token(index, text);
  }

  finish(result: R): void {
    if (this.now !== 'running') return;
    this.now = 'done';
    this.result = result;
    this.close((listener) => listener.done(result));
  }

  fail(problem: Problem): void {
    if (this.now !== 'running') return;
    this.now = 'failed';
    this.problem = problem;
    this.close((listener) => listener.failed(problem));
  }

  /** Stops the work at once; followers hear `cancelled`. */
  cancel(reason: Problem = new Problem('cancelled')): void {
    if (this.now !== 'running') return;
    this.fail(reason);
    this.abort.abort(reason);
  }

  /** Hears everything from token `from` on. Returns the function that stops following, which does not stop the stream. */
  follow(listener: StreamListener<R>, from = 0): () => void {
    this.tokens.slice(from).forEach((text, offset) => listener.token(from + offset, text));
    if (this.now === 'done') listener.done(this.result as R);
    else if (this.problem) listener.failed(this.problem);
    else this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The result, or the problem as a rejection. */
  outcome(): Promise<R> {
    return new Promise((resolve, reject) =>
      this.follow({ token: () => undefined, done: resolve, failed: reject }, this.tokens.length),
    );
  }

  private close(tell: (listener: StreamListener<R>) => void): void {
    const listeners = [...this.listeners];
    this.listeners.clear();
    for (const listener of listeners) tell(listener);
  }
}
