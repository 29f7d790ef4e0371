import { timedOut, type ModelFault } from './model-fault';

/** How long each part of a streamed answer may take, in milliseconds. */
export interface StreamLimits {
  readonly LLM_FIRST_TOKEN_TIMEOUT_MS: number;
  readonly LLM_TOKEN_GAP_TIMEOUT_MS: number;
  readonly LLM_TOTAL_TIMEOUT_MS: number;
}

/**
 * Watches that an answer keeps within its limits. One timer looks after the whole answer, however many pieces it has, and is moved
 * only when it rings. When a limit is passed, `late` is called, once. The time that the reader takes between two pieces is not the
 * provider's.
 */
export class Watchdog {
  private readonly end: number;
  private deadline = Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: StreamLimits,
    private readonly late: (fault: ModelFault) => void,
  ) {
    this.end = performance.now() + limits.LLM_TOTAL_TIMEOUT_MS;
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

  stop(): void {
    clearTimeout(this.timer);
  }

  private await(ms: number): void {
    this.deadline = Math.min(this.end, performance.now() + ms);
  }

  private ring(): void {
    const left = this.deadline - performance.now();
    if (left <= 0) return this.late(timedOut());
    // The gap may have become shorter than what is left of the first wait, so the timer never sleeps longer than a gap.
    this.timer = setTimeout(() => this.ring(), Math.min(left, this.limits.LLM_TOKEN_GAP_TIMEOUT_MS) + 1);
  }
}
