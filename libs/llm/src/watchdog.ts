import { timedOut } from './model-fault';

/** How long each part of a streamed answer may take, in milliseconds. */
export interface StreamLimits {
  readonly LLM_FIRST_TOKEN_TIMEOUT_MS: number;
  readonly LLM_TOKEN_GAP_TIMEOUT_MS: number;
  readonly LLM_TOTAL_TIMEOUT_MS: number;
}

/**
 * Watches that an answer keeps within its limits. One timer looks after the whole answer, however many pieces it has, and is moved
 * only when it rings. When a limit is passed, `abort` is called and every wait rejects with `upstream_timeout`, also where the source
 * ignores the abort. The time that the reader takes between two pieces is not the provider's.
 */
export class Watchdog {
  private readonly end: number;
  private deadline = Infinity;
  private timer: NodeJS.Timeout | undefined;
  private readonly late: Promise<never>;
  private giveUp: (reason: unknown) => void = () => undefined;

  constructor(
    private readonly limits: StreamLimits,
    private readonly abort: AbortController,
  ) {
    this.end = performance.now() + limits.LLM_TOTAL_TIMEOUT_MS;
    this.late = new Promise((_, reject) => (this.giveUp = reject));
    this.late.catch(() => undefined);
  }

  /** The first wait counts until the first token, those after it between two tokens. */
  startFirst(): void {
    clearTimeout(this.timer);
    this.await(this.limits.LLM_FIRST_TOKEN_TIMEOUT_MS);
    this.ring();
  }

  startNext(): void {
    this.await(this.limits.LLM_TOKEN_GAP_TIMEOUT_MS);
  }

  /** Nobody waits for the provider now. */
  pause(): void {
    this.deadline = this.end;
  }

  within<R>(work: Promise<R>): Promise<R> {
    return Promise.race([work, this.late]);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private await(ms: number): void {
    this.deadline = Math.min(this.end, performance.now() + ms);
  }

  private ring(): void {
    const left = this.deadline - performance.now();
    if (left > 0) {
      // The gap may have become shorter than what is left of the first wait, so the timer never sleeps longer than a gap.
      this.timer = setTimeout(() => this.ring(), Math.min(left, this.limits.LLM_TOKEN_GAP_TIMEOUT_MS) + 1);
      return;
    }
    const fault = timedOut();
    this.giveUp(fault);
    this.abort.abort(fault);
  }
}
