import { Problem } from '@adiuva/kernel';

export const MAX_MODEL_CALLS = 20;
export const MAX_TOOL_CALLS = 60;
export const MAX_TURN_MS = 120_000;

/** No further model call may start for this message. */
export class BudgetExhausted extends Problem {
  constructor() {
    super('upstream_timeout', { detail: 'This message has used up its limit of steps or time' });
  }
}

/**
 * The limits of one message, shared by all agents and depths. Calls that a journal replays count again, so a continuation carries the
 * counts with its journal and only the time beside it. The time spent waiting for a continuation does not count.
 */
export class TurnBudget {
  private readonly abort = new AbortController();
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private modelCalls = 0;
  private toolCalls = 0;
  private closed = false;
  private refused = false;

  constructor(private readonly spentMs = 0) {
    this.timer = setTimeout(() => this.abort.abort(new BudgetExhausted()), Math.max(0, MAX_TURN_MS - spentMs)).unref();
  }

  /** Aborts when the time is used up. */
  get signal(): AbortSignal {
    return this.abort.signal;
  }

  /** Whether something was refused, which the user must be told. */
  get exhausted(): boolean {
    return this.refused;
  }

  get elapsedMs(): number {
    return this.spentMs + Math.round(performance.now() - this.startedAt);
  }

  get modelCallsLeft(): number {
    return this.closed ? 0 : MAX_MODEL_CALLS - this.modelCalls;
  }

  get toolCallsLeft(): number {
    return MAX_TOOL_CALLS - this.toolCalls;
  }

  /** @throws BudgetExhausted */
  takeModelCall(): void {
    if (this.modelCallsLeft <= 0) throw new BudgetExhausted();
    this.modelCalls += 1;
  }

  /** How many of `wanted` tool calls may run. */
  takeToolCalls(wanted: number): number {
    const granted = Math.min(wanted, this.toolCallsLeft);
    this.toolCalls += granted;
    if (granted < wanted) this.refused = true;
    return granted;
  }

  /** The answer ends with what there is. */
  refuse(): void {
    this.refused = true;
  }

  /** Ends the turn where `error` means that a limit of the message or of the caller's tokens was reached; rethrows any other. */
  absorb(error: unknown): void {
    const isTokenLimit = error instanceof Problem && error.code === 'quota_exceeded';
    if (!isTokenLimit && !(error instanceof BudgetExhausted)) throw error;
    this.closed = true;
    this.refused = true;
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
