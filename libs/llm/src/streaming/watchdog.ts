import { timeoutError, type ProviderError } from './provider-error';

/** How long each part of a streamed answer may take, in milliseconds. */
export interface StreamLimits {
  readonly LLM_FIRST_TOKEN_TIMEOUT_MS: number;
  readonly LLM_TOKEN_GAP_TIMEOUT_MS: number;
  readonly LLM_TOTAL_TIMEOUT_MS: number;
}

/** Looks in the time of a gap. */
const LOOKS = 10;

/**
 * Watches that an answer keeps within its limits. One timer serves the whole answer, however many chunks it has, and is set again
 * only when it fires. When a limit is passed, `late` is called, once. Neither the time that the reader takes between two chunks is the
 * provider's, nor the time in which this process could not run: what has arrived meanwhile is read only after the timers.
 */
export class Watchdog {
  private end: number;
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
    const now = performance.now();
    const left = this.deadline - now;
    if (left <= 0) return this.late(timeoutError());
    // The gap may have become shorter than the rest of the first wait, so the timer never sleeps as long as a gap.
    const ms = Math.min(left, this.limits.LLM_TOKEN_GAP_TIMEOUT_MS / LOOKS) + 1;
    this.timer = setTimeout(() => {
      const stoodStill = Math.max(0, performance.now() - now - ms);
      this.end += stoodStill;
      this.deadline += stoodStill;
      this.check();
    }, ms);
  }
}
