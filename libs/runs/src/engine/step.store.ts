import { Injectable } from '@nestjs/common';
import { Problem } from '@adiuva/kernel';
import { UserEncryption } from '@adiuva/auth';
import { Database, type Tx } from '@adiuva/platform';
import { KeyedCipher } from '../keys/keyed-cipher';
import { WorkerKeyPair } from '../keys/worker-key-pair.service';
import { openJson, openOutput, sealJson, stepColumn, type RunCipher } from '../run-cipher';
import type { Custody, RunKind, RunUsage, StepKind, StepStatus } from '../run';
import { RunsConfig } from '../runs.config';
import { StepAborted, type StepKey } from './active-steps.service';
import type { StepOutcome, StepResult } from './step-handler';

/** One attempt of a step that this process owns. */
export interface Claim extends StepKey {
  readonly userId: string;
  readonly attempt: number;
  readonly failures: number;
  readonly takeovers: number;
  readonly worker: number;
  readonly continues: boolean;
  readonly stepKind: StepKind;
  readonly custody: Custody;
  /** The key of a run with custody of a device, as it is stored for this worker. */
  readonly wrappedKey: Buffer | null;
  readonly body: Buffer | null;
  readonly journal: Buffer | null;
  readonly answer: Buffer | null;
}

interface ClaimFields {
  readonly user_id: string;
  readonly attempt: number;
  readonly failures: number;
  readonly takeovers: number;
  readonly continues: boolean;
  readonly kind: StepKind;
  readonly custody: Custody;
  readonly wrapped_key: Buffer | null;
  readonly body: Buffer | null;
  readonly journal: Buffer | null;
  readonly answer: Buffer | null;
}

interface RunFields {
  readonly kind: RunKind;
  readonly input: Buffer | null;
  readonly started_at: Date;
}

const BEGIN = `SELECT s.*, r.custody, r.wrapped_key FROM runs_begin_step($1, $2, $3, make_interval(secs => $4 / 1000.0), $5) s
  JOIN runs r ON r.id = s.run_id`;
/** Only a step that waits for its time; others wait for an answer. */
const WAKE = `SELECT runs_wake(run_id, node, NULL, $3) FROM run_steps
  WHERE run_id = $1 AND node = $2 AND status = 'waiting' AND waiting_for = 'time'`;
const SAVE_JOURNAL = `WITH saved AS (
    UPDATE run_steps SET journal = $5, answer = CASE WHEN $6 THEN NULL ELSE answer END WHERE run_id = $1 AND node = $2 AND attempt = $3 AND owner = $4 AND status = 'running' RETURNING 1
  ) SELECT 1 FROM saved`;
const END = 'SELECT runs_end_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS open';
const FAIL = `SELECT runs_fail_step($1, $2, $3, $4, $5, make_interval(secs => $6 / 1000.0), $7, $8, $9, $10, $11)`;
const WAIT = 'SELECT runs_wait_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)';

/** What one attempt of a step reads and writes. Every write is refused when the step is no longer that attempt's. */
@Injectable()
export class StepStore {
  constructor(
    private readonly database: Database,
    private readonly encryption: UserEncryption,
    private readonly keyPair: WorkerKeyPair,
    private readonly config: RunsConfig,
  ) {}

  async begin({ runId, node }: StepKey, worker: number): Promise<Claim | undefined> {
    const [row] = await this.database.prepared<ClaimFields>(BEGIN, [
      runId,
      node,
      worker,
      this.config.RUN_LEASE_MS,
      this.config.RUN_STEPS_PER_USER,
    ]);
    if (!row) return undefined;
    const { user_id: userId, kind: stepKind, wrapped_key: wrappedKey, ...fields } = row;
    return { runId, node, worker, userId, stepKind, wrappedKey, ...fields };
  }

  async wake({ runId, node }: StepKey): Promise<void> {
    await this.database.query(WAKE, [runId, node, this.config.RUNS_PER_USER]);
  }

  async cipher(claim: Claim): Promise<RunCipher> {
    const cipher = await this.encryption.open(claim.userId);
    if (claim.custody === 'server') return cipher;
    if (!claim.wrappedKey) throw new StepAborted();
    return new KeyedCipher(cipher, this.keyPair.unwrap(claim.runId, claim.wrappedKey));
  }

  /** Throws `not_found` when the run is deleted. */
  async run({ runId, userId }: Claim, cipher: RunCipher): Promise<{ kind: RunKind; input: unknown; startedAt: Date }> {
    const [row] = await this.database.query<RunFields>(
      'SELECT kind, input, started_at FROM runs WHERE id = $1 AND user_id = $2',
      [runId, userId],
    );
    if (!row) throw new Problem('not_found');
    return { kind: row.kind, input: openJson(cipher, `runs.input|${runId}`, row.input), startedAt: row.started_at };
  }

  async results({ runId, userId }: Claim, cipher: RunCipher): Promise<Map<number, StepResult>> {
    const rows = await this.database.query<{ node: number; status: StepStatus; output: Buffer | null }>(
      'SELECT node, status, output FROM run_steps WHERE run_id = $1 AND user_id = $2 AND ended_at IS NOT NULL ORDER BY node',
      [runId, userId],
    );
    return new Map(
      rows.map(({ node, status, output }) => [
        node,
        { status, output: openOutput(cipher, stepColumn('output', runId, node), output) },
      ]),
    );
  }

  /** With `answered` the entries have the answer of the device. @throws `conflict` when the step is no longer this attempt's */
  async saveJournal(claim: Claim, cipher: RunCipher, entries: readonly unknown[], answered: boolean): Promise<void> {
    const { runId, node, attempt, worker } = claim;
    const journal = sealJson(cipher, stepColumn('journal', runId, node), entries);
    const rows = await this.database.query(SAVE_JOURNAL, [runId, node, attempt, worker, journal, answered]);
    if (rows.length === 0) throw new Problem('conflict');
  }

  /** The number of steps that are still open; below 0 where the result is refused. */
  async end(
    tx: Tx,
    claim: Claim,
    status: 'done' | 'skipped' | 'failed',
    output: Buffer | null,
    code: string | null,
    usage: RunUsage,
  ): Promise<number> {
    const { runId, node, attempt, worker } = claim;
    const [row] = await tx.query<[{ open: number }]>(END, [
      runId,
      node,
      attempt,
      worker,
      status,
      output,
      code,
      usage.inputTokens,
      usage.outputTokens,
      ...this.limits,
    ]);
    return row.open;
  }

  /** `retryMs` null ends the run as failed. */
  async fail(claim: Claim, code: string, retryMs: number | null, usage: RunUsage): Promise<void> {
    const { runId, node, attempt, worker } = claim;
    await this.database.transaction(async (tx) => {
      const [kept] = await tx.query<{ journal: Buffer | null }[]>(
        'SELECT journal FROM run_steps WHERE run_id = $1 AND node = $2',
        [runId, node],
      );
      const tokens = [usage.inputTokens, usage.outputTokens];
      await tx.query(FAIL, [
        runId,
        node,
        attempt,
        worker,
        code,
        retryMs,
        kept?.journal ?? null,
        ...tokens,
        ...this.limits,
      ]);
    });
  }

  async wait(claim: Claim, cipher: RunCipher, outcome: Extract<StepOutcome, { kind: 'wait' }>): Promise<void> {
    const { runId, node, attempt, worker } = claim;
    const question =
      outcome.question === undefined ? null : sealJson(cipher, stepColumn('question', runId, node), outcome.question);
    const journal = sealJson(cipher, stepColumn('journal', runId, node), outcome.journal);
    await this.database.transaction((tx) =>
      tx.query(WAIT, [
        runId,
        node,
        attempt,
        worker,
        outcome.for,
        outcome.until ?? null,
        question,
        journal,
        ...this.limits,
      ]),
    );
  }

  private get limits(): readonly [number, number] {
    return [this.config.RUNS_PER_USER, this.config.RUN_STEPS_PER_USER];
  }
}
