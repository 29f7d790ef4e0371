import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  handleWhen,
  type CircuitBreakerPolicy,
  type IBreaker,
} from 'cockatiel';
import { Problem } from '@adiuva/kernel';
import { ModelFault } from './model-fault';

const LOOKED_AT = 10;
const MOST_FAILURES = 5;

/** One breaker for each provider and model: open after five failures of the last ten calls, or at once when our key is refused. */
export class Breakers {
  private readonly breakers = new Map<string, Breaker>();

  constructor(private readonly probeAfterMs: number) {}

  of(tier: string): Breaker {
    const known = this.breakers.get(tier) ?? new Breaker(this.probeAfterMs);
    this.breakers.set(tier, known);
    return known;
  }
}

export class Breaker {
  private readonly calls = new RecentCalls();
  private readonly policy: CircuitBreakerPolicy;
  private openUntil = 0;

  constructor(probeAfterMs: number) {
    // A probe that was cancelled has proved nothing, so it must not close the breaker; elsewhere a cancelled call does not count.
    const counts = (error: Error): boolean =>
      error instanceof ModelFault ? error.counts : this.policy.state === CircuitState.HalfOpen;
    this.policy = circuitBreaker(handleWhen(counts), { halfOpenAfter: probeAfterMs, breaker: this.calls });
    this.policy.onBreak(() => (this.openUntil = performance.now() + probeAfterMs));
    this.policy.onReset(() => (this.openUntil = 0));
  }

  /** Whether calls are refused now, and a probe is not yet due. */
  get open(): boolean {
    return performance.now() < this.openUntil;
  }

  /** Lets `work` happen, or throws `unavailable` at once. While one call probes, the others are refused. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.policy.state === CircuitState.HalfOpen) throw this.refusal();
    try {
      return await this.policy.execute(() => this.watched(work));
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.refusal() : error;
    }
  }

  /** A failure that came after `run` had ended well: an answer that broke off. */
  async failed(fault: ModelFault): Promise<void> {
    if (this.policy.state === CircuitState.Closed)
      await this.policy.execute(() => Promise.reject(fault)).catch(() => undefined);
  }

  private async watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ModelFault && error.keyRefused) this.calls.openAtOnce();
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
  private hopeless = false;

  openAtOnce(): void {
    this.hopeless = true;
  }

  success(): void {
    this.hopeless = false;
    this.recent = [...this.recent, true].slice(-LOOKED_AT);
  }

  failure(): boolean {
    this.recent = [...this.recent, false].slice(-LOOKED_AT);
    const open = this.hopeless || this.recent.filter((well) => !well).length >= MOST_FAILURES;
    // What counts after a probe has closed the breaker again is what happens from then on.
    if (open) this.recent = [];
    this.hopeless = false;
    return open;
  }
}
