import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  handleWhen,
  type CircuitBreakerPolicy,
  type IBreaker,
} from 'cockatiel';
import { Problem } from '@adiuva/kernel';
import { ProviderError } from './provider-error';

const WINDOW = 10;
const MAX_FAILURES = 5;

/** One breaker for each provider and model: open after five failures of the last ten calls, or immediately when our key is refused. */
export class CircuitBreakers {
  private readonly breakers = new Map<string, ModelBreaker>();

  constructor(private readonly probeAfterMs: number) {}

  of(origin: string): ModelBreaker {
    const known = this.breakers.get(origin) ?? new ModelBreaker(this.probeAfterMs);
    this.breakers.set(origin, known);
    return known;
  }
}

export class ModelBreaker {
  private readonly calls = new RecentCalls();
  private readonly policy: CircuitBreakerPolicy;
  private openUntil = 0;

  constructor(probeAfterMs: number) {
    // A probe that was cancelled has proved nothing, so it must not close the breaker; elsewhere a cancelled call does not count.
    const counts = (error: Error): boolean =>
      error instanceof ProviderError ? error.counts : this.policy.state === CircuitState.HalfOpen;
    this.policy = circuitBreaker(handleWhen(counts), { halfOpenAfter: probeAfterMs, breaker: this.calls });
    this.policy.onBreak(() => (this.openUntil = performance.now() + probeAfterMs));
    this.policy.onReset(() => (this.openUntil = 0));
  }

  /** Whether calls are refused now, and a probe is not yet due. */
  get open(): boolean {
    return performance.now() < this.openUntil;
  }

  /** Runs `work`, or throws `unavailable` immediately. While one call probes, the others are refused. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.policy.state === CircuitState.HalfOpen) throw this.refusal();
    try {
      return await this.policy.execute(() => this.watched(work));
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.refusal() : error;
    }
  }

  /** A failure after `run` succeeded: an answer that broke off. */
  async failed(error: ProviderError): Promise<void> {
    if (this.policy.state === CircuitState.Closed)
      await this.policy.execute(() => Promise.reject(error)).catch(() => undefined);
  }

  private async watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProviderError && error.keyRefused) this.calls.forceOpen();
      throw error;
    }
  }

  private refusal(): Problem {
    const left = Math.max(1, Math.ceil((this.openUntil - performance.now()) / 1_000));
    return new Problem('unavailable', {
      detail: 'The language model cannot be reached at the moment',
      retryAfter: left,
    });
  }
}

class RecentCalls implements IBreaker {
  state: unknown;
  private recent: boolean[] = [];
  private forced = false;

  forceOpen(): void {
    this.forced = true;
  }

  success(): void {
    this.forced = false;
    this.recent = [...this.recent, true].slice(-WINDOW);
  }

  failure(): boolean {
    this.recent = [...this.recent, false].slice(-WINDOW);
    const open = this.forced || this.recent.filter((well) => !well).length >= MAX_FAILURES;
    // What counts after a probe has closed the breaker again is what happens from then on.
    if (open) this.recent = [];
    this.forced = false;
    return open;
  }
}
