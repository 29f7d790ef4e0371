import { timeoutError, type ProviderError } from './provider-error';

/** How long each part of a streamed answer may take, in milliseconds. */
export interface StreamLimits {
  readonly LLM_FIRST_TOKEN_TIMEOUT_MS: number;
  readonly LLM_TOKEN_GAP_TIMEOUT_MS: number;
  readonly LLM_TOTAL_TIMEOUT_MS: number;
}

/**
 * Watches that an answer keeps within its limits. One timer serves the whole answer, however many chunks it has, and is set again
 * only when it fires. When a limit is passed, `late` is called, once. The time that the reader takes between two chunks is not the
 * provider's.
 */
export class Watchdog {
  private readonly end: number;
  private deadline = Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly limits: StreamLimits,
    private readonly late: (error: ProviderError) => void,
  ) {
    this.end = performance.now() + limits.LLM_TOTAL_TIMEOUT_MS;
  }

  /** The first wait counts until the first token, those after it between two tokens. */
  startFirst(): void {
    clearTimeout(this.timer);
    this.await(this.limits.LLM_FIRST_TOKEN_TIMEOUT_MS);
    this.check();
  }

  startNext(): void {
    this.await(this.limits.LLM_TOKEN_GAP_TIMEOUT_MS);
  }

  /** The provider is not waited for now. */
  pause(): void {
    this.deadline = this.end;
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private await(ms: number): void {
    this.deadline = Math.min(this.end, performance.now() + ms);
  }

  private check(): void {
    const left = this.deadline - performance.now();
    if (left <= 0) return this.late(timeoutError());
    // The gap may have become shorter than the rest of the first wait, so the timer never sleeps longer than a gap.
    this.timer = setTimeout(() => this.check(), Math.min(left, this.limits.LLM_TOKEN_GAP_TIMEOUT_MS) + 1);
  }
}
