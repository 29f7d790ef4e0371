import { Injectable } from '@nestjs/common';
import type { Problem } from '@adiuva/kernel';
import { Database } from '@adiuva/platform';
import { RunCompletion } from '../results/run-completion.service';
import type { RunUsage } from '../run';
import { sealJson, stepColumn, type RunCipher } from '../run-cipher';
import { RunsConfig } from '../runs.config';
import { isTemporary } from './step-fault';
import type { StepOutcome } from './step-handler';
import { StepStore, type Claim } from './step.store';

const NO_USAGE: RunUsage = { inputTokens: 0, outputTokens: 0 };
const MAX_FAILURES = 3;

/** Stores how an attempt ended, and ends the run with its last step. */
@Injectable()
export class StepOutcomes {
  constructor(
    private readonly database: Database,
    private readonly steps: StepStore,
    private readonly completion: RunCompletion,
    private readonly config: RunsConfig,
  ) {}

  async store(claim: Claim, cipher: RunCipher, outcome: StepOutcome): Promise<void> {
    if (outcome.kind === 'wait') return this.steps.wait(claim, cipher, outcome);
    const { runId, node } = claim;
    const done = outcome.kind === 'done';
    const output = done ? sealJson(cipher, stepColumn('output', runId, node), outcome.output) : null;
    await this.database.transaction(async (tx) => {
      const status = done ? 'done' : 'skipped';
      const open = await this.steps.end(tx, claim, status, output, null, done ? outcome.usage : NO_USAGE);
      if (open >= 0 && done) await outcome.commit?.(tx);
      if (open === 0) await this.completion.complete(tx, cipher, claim);
    });
  }

  /** A temporary fault is tried again; a step that may fail lets its run continue. */
  async fail(claim: Claim, fault: Problem): Promise<void> {
    const retry = isTemporary(fault) && claim.failures + 1 < MAX_FAILURES;
    if (retry) return this.steps.fail(claim, fault.code, this.config.RUN_RETRY_MS * 2 ** claim.failures, NO_USAGE);
    if (!claim.continues) return this.steps.fail(claim, fault.code, null, NO_USAGE);
    const cipher = await this.steps.cipher(claim);
    await this.database.transaction(async (tx) => {
      const open = await this.steps.end(tx, claim, 'failed', null, fault.code, NO_USAGE);
      if (open === 0) await this.completion.complete(tx, cipher, claim);
    });
  }
}
