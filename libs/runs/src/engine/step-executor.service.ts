import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { Log } from '@adiuva/platform';
import { KeyedCipher } from '../keys/keyed-cipher';
import { openJson, stepColumn, type RunCipher } from '../run-cipher';
import { RunsConfig } from '../runs.config';
import { ActiveSteps, StepAborted, type StepKey } from './active-steps.service';
import { stepFault } from './step-fault';
import type { StepOutcome } from './step-handler';
import { StepHandlers } from './step-handlers.service';
import { StepOutcomes } from './step-outcomes.service';
import { StepStore, type Claim } from './step.store';

/** A step that ends the process which executes it is not taken over for ever. Attempts after a wait or a fault do not count. */
const MAX_TAKEOVERS = 20;

/** Executes one step: claims it, calls its handler, stores the outcome. */
@Injectable()
export class StepExecutor {
  constructor(
    private readonly steps: StepStore,
    private readonly handlers: StepHandlers,
    private readonly outcomes: StepOutcomes,
    readonly active: ActiveSteps,
    private readonly config: RunsConfig,
    private readonly log: Log,
  ) {}

  /** `worker` owns the attempt; another process takes it over when that worker dies. */
  async execute(key: StepKey, worker: number, stopping: AbortSignal): Promise<void> {
    const controller = this.active.add(key);
    if (!controller) return;
    try {
      const claim = await this.steps.begin(key, worker);
      if (!claim) return await this.steps.wake(key);
      this.active.markBegun(key);
      await this.attempt(claim, controller, stopping);
    } finally {
      this.active.remove(key);
    }
  }

  private async attempt(claim: Claim, { signal: cancelled }: AbortController, stopping: AbortSignal): Promise<void> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(new StepAborted()), this.config.AGENT_TIMEOUT_S * 1000);
    const signal = AbortSignal.any([cancelled, stopping, limit.signal]);
    try {
      const cipher = await this.steps.cipher(claim);
      await this.outcomes.store(claim, cipher, await withAbort(this.outcome(claim, cipher, signal), signal));
    } catch (error) {
      // Cancelled, or this process stops: the step is no longer ours, or the next process continues it.
      if (cancelled.aborted || stopping.aborted || (error instanceof StepAborted && !limit.signal.aborted)) return;
      const fault = stepFault(error, limit.signal.aborted);
      this.log.warn('step_failed', { code: fault.code, attempt: claim.attempt, error });
      await this.outcomes.fail(claim, fault);
    } finally {
      clearTimeout(timer);
    }
  }

  private async outcome(claim: Claim, cipher: RunCipher, signal: AbortSignal): Promise<StepOutcome> {
    if (claim.takeovers > MAX_TAKEOVERS) throw new Problem('unprocessable');
    const run = await this.steps.run(claim, cipher);
    const handler = this.handlers.of(run.kind);
    if (!handler) throw new Problem('not_configured');
    const { runId, node, userId } = claim;
    const open = (column: 'body' | 'journal' | 'answer') =>
      openJson(cipher, stepColumn(column, runId, node), claim[column]);
    const answer = open('answer');
    const journal = open('journal');
    const step = {
      runId,
      node,
      userId,
      runKind: run.kind,
      stepKind: claim.stepKind,
      input: run.input,
      body: open('body'),
      startedAt: run.startedAt,
      results: await this.steps.results(claim, cipher),
      journal: Array.isArray(journal) ? journal : [],
      ...(answer === undefined ? {} : { answer }),
      ...(cipher instanceof KeyedCipher ? { key: cipher.key } : {}),
      saveJournal: (entries: readonly unknown[], answered = false) =>
        this.steps.saveJournal(claim, cipher, entries, answered),
    };
    return handler.execute(step, signal);
  }
}

/** A handler that ignores its signal is not waited for. */
async function withAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason instanceof Error ? signal.reason : new StepAborted());
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
